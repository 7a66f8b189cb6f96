import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A port in Java: answers the questions of sigcheck with Signature.java.
 *
 * <p>One JSON question per line on standard input, one JSON answer per line on standard output
 * (docs/PROTOCOL.md). With --send it also sends each request, with java.net.http:
 *
 * <pre>
 * javac -d build *.java
 * sigcheck run -- java -cp build Port
 * sigcheck run --capture -- java -cp build Port --send
 * </pre>
 */
final class Port {
    private Port() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        boolean sends = Arrays.asList(args).contains("--send");
        // readLine would also end a line at a carriage return, but JSON escapes it in strings.
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        var out = new PrintStream(System.out, true, UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank()) {
                out.print(Json.write(reply(line, sends)) + "\n");
                out.flush();
            }
        }
    }

    private static Map<String, Object> reply(String line, boolean sends)
            throws IOException, InterruptedException {
        var result = new LinkedHashMap<String, Object>();
        try {
            Map<String, Object> question = Json.readObject(line);
            if (question.containsKey("id")) {
                result.put("id", question.get("id"));
            }
            Signature.Signed signed = answer(question);
            result.put("headers", signed.headers());
            result.put("hmac_msg", signed.message());
            result.put("url", signed.url());
            if (signed.body() != null) {
                result.put("body", signed.body());
            }
            if (sends) {
                result.put("server", send(Signature.textMember(question, "method"), signed));
            }
        } catch (UnsupportedOperationException e) {
            result.put("unsupported", e.getMessage());
        } catch (IllegalArgumentException e) {
            result.put("error", e.getMessage());
        }
        return result;
    }

    /** Signs the request that the question describes. */
    private static Signature.Signed answer(Map<String, Object> question) {
        String profile = Signature.textMember(question, "profile", "linuxlink");
        if (!Signature.SERVERS.containsKey(profile)) {
            throw new IllegalArgumentException("unknown profile");
        }
        Signature.Credentials credentials = readCredentials(question, profile);
        if (!(question.get("data") instanceof Map)) {
            throw new IllegalArgumentException("data must be an object");
        }
        @SuppressWarnings("unchecked")
        var data = (Map<String, Object>) question.get("data");
        if (question.containsKey("dashboard_config")) {
            String config = Signature.textMember(question, "dashboard_config");
            data.putAll(Signature.dashboardTokens(config, profile));
        }
        String method = Signature.textMember(question, "method");
        String resource = Signature.textMember(question, "resource");
        return Signature.sign(credentials, method, resource, data);
    }

    private static Signature.Credentials readCredentials(
            Map<String, Object> question, String profile) {
        var credentials = question.containsKey("key_file")
                ? Signature.readKeyFile(Signature.textMember(question, "key_file"), profile)
                : new Signature.Credentials(
                        Signature.textMember(question, "email"),
                        Signature.textMember(question, "key"),
                        Signature.SERVERS.get(profile));
        String server = Signature.textMember(question, "base_url", credentials.server());
        return new Signature.Credentials(credentials.email(), credentials.key(), server);
    }

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What java.net.URI refuses: raw characters, and a percent sign without two digits. */
    private static final Pattern RAW =
            Pattern.compile("[^!-~]|[\"<>\\\\^`{|}\\[\\]]|%(?![0-9a-fA-F]{2})|(?<=#.{0,9999})#");

    /** Sends a signed request, and returns what the server said. */
    private static String send(String method, Signature.Signed signed)
            throws IOException, InterruptedException {
        String bytes = new String(signed.url().getBytes(UTF_8), ISO_8859_1);
        String url = RAW.matcher(bytes)
                .replaceAll(raw -> String.format("%%%02X", (int) raw.group().charAt(0)));
        var body = signed.body() == null
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(signed.body());
        var request = HttpRequest.newBuilder(URI.create(url)).method(method, body);
        signed.headers().forEach(request::header);
        if (signed.body() != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString()).body();
    }
}
