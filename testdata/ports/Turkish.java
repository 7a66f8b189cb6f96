// A port with a mistake that shows only in Turkish: toLowerCase() depends on the locale of the JVM,
// and makes "emaıl" of EMAIL there. It signs strings, booleans and lists of strings.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Turkish {
  enum Member {
    ID, EMAIL, KEY, METHOD, RESOURCE, DATA;

    Object of(Map<String, Object> question) { return question.get(name().toLowerCase()); }
  }

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line; (line = in.readLine()) != null; ) {
      var question = (Map<String, Object>) new Parser(line).value();
      try {
        out.println("{\"headers\":{\"X-Auth-Signature\":\"" + token(question) + "\"}}");
      } catch (RuntimeException e) {
        out.println("{\"error\":\"cannot read the question\"}");
      }
    }
  }

  static String token(Map<String, Object> question) throws Exception {
    var data = new TreeMap<String, Object>(Turkish::byBytes);
    data.putAll((Map<String, Object>) Member.DATA.of(question));
    data.put("email", Objects.requireNonNull(Member.EMAIL.of(question)));
    var pairs = new ArrayList<String>();
    data.forEach((name, value) -> {
      var values = value instanceof List<?> list ? new ArrayList<Object>(list) : List.of(value);
      if (value instanceof List<?>) values.sort((a, b) -> byBytes((String) a, (String) b));
      for (var v : values) pairs.add(name + "=" + (v instanceof Boolean b ? b ? "True" : "False" : v));
    });
    var message = "" + Member.METHOD.of(question) + Member.RESOURCE.of(question) + String.join("&", pairs);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(bytes((String) Member.KEY.of(question)), "HmacSHA256"));
    return Base64.getEncoder().encodeToString(mac.doFinal(bytes(message)));
  }

  static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }

  static int byBytes(String a, String b) { return Arrays.compareUnsigned(bytes(a), bytes(b)); }

  /** Reads strict JSON with strings, booleans, lists and objects. */
  static class Parser {
    final String text;
    int at;

    Parser(String text) { this.text = text; }

    Object value() {
      switch (text.charAt(at)) {
        case '"': return string();
        case 't': at += 4; return true;
        case 'f': at += 5; return false;
        case '[':
          var list = new ArrayList<Object>();
          while (inside(']')) list.add(value());
          return list;
      }
      var object = new LinkedHashMap<String, Object>();
      while (inside('}')) {
        String name = string();
        at++; // the colon
        object.put(name, value());
      }
      return object;
    }

    /** Steps over a bracket or a comma, and reports whether there is another element. */
    boolean inside(char end) {
      if (text.charAt(at) == end || text.charAt(at + 1) == end) {
        at += text.charAt(at) == end ? 1 : 2;
        return false;
      }
      at++;
      return true;
    }

    String string() {
      var b = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        if (text.charAt(at) != '\\') {
          b.append(text.charAt(at));
          continue;
        }
        char c = text.charAt(++at);
        int plain = "nrtbf".indexOf(c);
        if (c == 'u') {
          b.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 4;
        } else {
          b.append(plain < 0 ? c : "\n\r\t\b\f".charAt(plain));
        }
      }
      at++;
      return b.toString();
    }
  }
}
