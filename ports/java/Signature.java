import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests of the LinuxLink / Vigiles API. Needs Java 17 or later, nothing else. Names in
 * backquotes are rules of docs/SIGNATURE.md. It lacks `nested-repr` (a list or an object inside a
 * list), and says so.
 *
 * <pre>
 * var credentials = Signature.readKeyFile(text, "linuxlink");
 * var signed = Signature.sign(credentials, "GET", "/api/v1/x", Map.of("all", true));
 * </pre>
 */
final class Signature {
    static final Map<String, String> SERVERS = Map.of(
            "linuxlink", "https://linuxlink.timesys.com",
            "vigiles", "https://vigiles.lynx.com");

    record Credentials(String email, String key, String server) {}

    /** What to send, and the message that was signed. The body is null if there is none. */
    record Signed(Map<String, String> headers, String message, String url, String body) {}

    private Signature() {}

    /** Step 1. */
    static Credentials readKeyFile(String text, String profile) {
        Map<String, Object> file = Json.readObject(text);
        String email = strip(textMember(file, "email"));
        if (!profile.equals("vigiles")) {
            return new Credentials(email, strip(textMember(file, "key")), SERVERS.get(profile));
        }
        String keyName = file.containsKey("organization_key") ? "organization_key" : "key";
        String key = strip(textMember(file, keyName, ""));
        String server = strip(textMember(file, "server_url", SERVERS.get(profile)));
        return new Credentials(email, key, server.replaceFirst("/$", "")); // `base-url`
    }

    /** `dashboard-config`: what a manifest upload adds to its data. */
    static Map<String, String> dashboardTokens(String text, String profile) {
        Map<String, Object> config = Json.readObject(text);
        boolean vigiles = profile.equals("vigiles");
        String name = vigiles && config.containsKey("group") ? "group" : "product";
        String token = strip(textMember(config, name));
        if (vigiles && token.isEmpty()) {
            throw new IllegalArgumentException(name + " in the dashboard config is empty");
        }
        var tokens = new LinkedHashMap<String, String>();
        tokens.put(vigiles ? "group_token" : "product_token", token);
        tokens.put("folder_token", strip(textMember(config, "folder", "")));
        tokens.values().removeIf(String::isEmpty);
        return tokens;
    }

    /** Signs a request whose data is as {@link Json} reads it. */
    static Signed sign(
            Credentials credentials, String method, String resource, Map<String, Object> data) {
        method = method.toUpperCase(Locale.ROOT);
        data = joinEmail(data, credentials.email);
        var pairs = new ArrayList<String>();
        for (String key : sortKeys(data.keySet())) {
            for (Object value : sortList(spread(data.get(key)))) {
                pairs.add(toText(key) + "=" + toText(value));
            }
        }
        String message = buildMessage(method, toText(resource), joinPairs(pairs));
        var headers = Map.of("X-Auth-Signature", token(toText(credentials.key), message));
        String url = credentials.server + resource;
        if (method.equals("POST")) {
            return new Signed(headers, message, url, form(data, data.keySet(), true));
        }
        String query = form(data, sortKeys(data.keySet()), false); // `wire-query`
        return new Signed(headers, message, url + "?" + query, null);
    }

    private static String strip(String text) {
        // begin key-file-strip: return text;
        String space = "[\\t-\\r\\x1c-\\x1f\\x85\\p{Z}]+"; // String.strip() leaves no-break spaces
        return text.replaceAll("\\A" + space + "|" + space + "\\z", "");
        // end
    }

    /** Step 2. */
    private static Map<String, Object> joinEmail(Map<String, Object> data, String email) {
        // begin email-joins: return data;
        var joined = new LinkedHashMap<String, Object>(data);
        joined.put("email", email); // keeps the place of a member it had
        return joined;
        // end
    }

    /** Step 3: strings by code point, numbers and booleans by exact value, never mixed. */
    private static Collection<?> sortList(Collection<?> values) {
        // begin list-order: return values;
        if (values.size() < 2 || !(values instanceof List)) {
            return values; // one alone is in order, and the names of an object stay as they are
        }
        var sorted = new ArrayList<Object>(values);
        if (values.stream().allMatch(String.class::isInstance)) {
            sorted.sort((a, b) -> byCodePoint((String) a, (String) b));
        } else if (values.stream().allMatch(List.class::isInstance)) {
            throw new UnsupportedOperationException("lists in a list");
        } else if (values.stream().allMatch(v -> v instanceof Number || v instanceof Boolean)) {
            sorted.sort(Signature::byValue);
        } else {
            throw new IllegalArgumentException("this list has no order");
        }
        return sorted;
        // end
    }

    // begin:
    /** UTF-8 bytes sort by code point; String.compareTo would compare UTF-16 units. */
    private static int byCodePoint(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
    }

    private static int byValue(Object a, Object b) {
        double x = infinity(a);
        double y = infinity(b);
        return x != 0 || y != 0
                ? Double.compare(x, y)
                : decimal(number(a)).compareTo(decimal(number(b)));
    }

    private static double infinity(Object value) {
        return value instanceof Double d && d.isInfinite() ? d : 0;
    }

    private static Number number(Object value) {
        return value instanceof Boolean b ? (b ? BigInteger.ONE : BigInteger.ZERO) : (Number) value;
    }

    private static BigDecimal decimal(Number n) {
        return n instanceof BigInteger i ? new BigDecimal(i) : new BigDecimal(n.doubleValue());
    }

    // end
    /** Step 4. */
    private static List<String> sortKeys(Collection<String> keys) {
        // begin pair-order: return new ArrayList<>(keys);
        return keys.stream().sorted(Signature::byCodePoint).toList();
        // end
    }

    /**
     * Step 5. `message-utf8` is seen to here, part by part: the last unit of a part and the first
     * one of the next could pass for a pair.
     */
    private static String toText(Object value) {
        // begin text-boolean: return String.valueOf(value);
        if (value instanceof String s) {
            if (!UTF_8.newEncoder().canEncode(s)) {
                throw new IllegalArgumentException("an unpaired surrogate has no UTF-8 form");
            }
            return s;
        } else if (value == null) {
            return "None";
        } else if (value instanceof Boolean b) {
            return b ? "True" : "False";
        } else if (value instanceof Double d) {
            return floatText(d);
        } else if (value instanceof Number) {
            return value.toString();
        }
        throw new UnsupportedOperationException("lists or objects in a list");
        // end
    }

    // begin:
    /** `text-float`. Double.toString has the shortest digits only from Java 19 on. */
    private static String floatText(double d) {
        if (d == 0 || Double.isInfinite(d)) {
            return String.valueOf(d).replace("Infinity", "inf");
        }
        int digits = 1;
        while (new BigDecimal(d).round(new MathContext(digits)).doubleValue() != d) {
            digits++;
        }
        var decimal = new BigDecimal(d).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return decimal.setScale(Math.max(1, decimal.scale())).toPlainString();
        }
        var mantissa = decimal.movePointLeft(exponent).stripTrailingZeros();
        return mantissa.toPlainString() + String.format("e%+03d", exponent);
    }

    // end
    /** `list-pairs`, `object-keys`: elements of a list, names of an object; else the value. */
    private static Collection<?> spread(Object value) {
        // begin list-pairs: return Collections.singletonList(value);
        if (value instanceof Map<?, ?> object) {
            return object.keySet();
        }
        return value instanceof List<?> list ? list : Collections.singletonList(value);
        // end
    }

    /** Step 6: `no-escaping`, whatever the text holds. */
    private static String joinPairs(List<String> pairs) {
        // begin pairs-join: return "";
        return String.join("&", pairs);
        // end
    }

    /** Step 7. */
    private static String buildMessage(String method, String resource, String joined) {
        // begin message-layout: return joined;
        return method + resource + joined;
        // end
    }

    /** Step 8. */
    private static String token(String key, String message) {
        // begin token-hmac: return "";
        byte[] bytes = key.isEmpty() ? new byte[1] : key.getBytes(UTF_8); // zeros pad a key
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has HmacSHA256
        }
        // end
    }

    /** What to send: lists go out as they came, not sorted. */
    private static String form(
            Map<String, Object> data, Collection<String> keys, boolean withoutNull) {
        // begin wire-form: return "";
        var pairs = new ArrayList<String>();
        for (String key : keys) {
            for (Object value : spread(data.get(key))) {
                if (value != null || !withoutNull) {
                    String text = URLEncoder.encode(toText(value), UTF_8);
                    pairs.add(URLEncoder.encode(key, UTF_8) + "=" + text);
                }
            }
        }
        return String.join("&", pairs);
        // end
    }

    static String textMember(Map<String, Object> members, String name) {
        return textMember(members, name, null);
    }

    static String textMember(Map<String, Object> members, String name, String fallback) {
        if (!members.containsKey(name) && fallback != null) {
            return fallback;
        }
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " must be there and must be a string");
    }
}
