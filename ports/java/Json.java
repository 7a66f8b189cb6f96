import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes JSON without loss, since the JDK has no JSON library. Objects become
 * LinkedHashMap, lists ArrayList, integers BigInteger, other numbers Double. If a member is given
 * twice, the last value counts, at the first place. As in Python, NaN and Infinity are numbers.
 */
final class Json {
    private static final Pattern WORD = Pattern.compile(
            "(-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?)|true|false|null|NaN|-?Infinity");
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Map<String, Object> readObject(String text) {
        var reader = new Json(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at < text.length() || !(value instanceof Map)) {
            throw new IllegalArgumentException("this is no JSON object");
        }
        @SuppressWarnings("unchecked")
        var object = (Map<String, Object>) value;
        return object;
    }

    private Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object() {
        var members = new LinkedHashMap<String, Object>();
        if (begins('{', '}')) {
            do {
                blanks();
                String name = string();
                blanks();
                expect(':');
                members.put(name, value());
            } while (continues('}'));
        }
        return members;
    }

    private List<Object> list() {
        var elements = new ArrayList<Object>();
        if (begins('[', ']')) {
            do {
                elements.add(value());
            } while (continues(']'));
        }
        return elements;
    }

    private boolean begins(char first, char last) {
        expect(first);
        blanks();
        if (peek() != last) {
            return true;
        }
        at++;
        return false;
    }

    private boolean continues(char last) {
        blanks();
        if (peek() != last) {
            expect(',');
            return true;
        }
        at++;
        return false;
    }

    private String string() {
        expect('"');
        var string = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw new IllegalArgumentException("a control character in a JSON string");
            }
            string.append(c == '\\' ? escape(next()) : c);
        }
        return string.toString();
    }

    private char escape(char c) {
        if (c == 'u') {
            int unit = 0;
            for (int i = 0; i < 4; i++) {
                char digit = next();
                if ("0123456789abcdefABCDEF".indexOf(digit) < 0) {
                    throw new IllegalArgumentException("an escape that is no JSON");
                }
                unit = unit * 16 + Character.digit(digit, 16);
            }
            return (char) unit; // half of a surrogate pair may stand alone
        }
        if (ESCAPES.indexOf(c) < 0) {
            throw new IllegalArgumentException("an escape that is no JSON");
        }
        return ESCAPED.charAt(ESCAPES.indexOf(c));
    }

    private Object word() {
        Matcher word = WORD.matcher(text).region(at, text.length());
        if (!word.lookingAt()) {
            throw new IllegalArgumentException("this is no JSON");
        }
        at = word.end();
        return switch (word.group()) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> word.group(1) == null || word.group(2) != null || word.group(3) != null
                    ? (Object) Double.valueOf(word.group())
                    : new BigInteger(word.group());
        };
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() {
        if (at == text.length()) {
            throw new IllegalArgumentException("the JSON ends too early");
        }
        return text.charAt(at++);
    }

    private void expect(char c) {
        if (next() != c) {
            throw new IllegalArgumentException("this is no JSON");
        }
    }

    /** Writes an object of strings and such objects. */
    static String write(Map<String, ?> object) {
        var members = new ArrayList<String>();
        object.forEach((name, value) -> members.add(quote(name) + ":" + text(value)));
        return "{" + String.join(",", members) + "}";
    }

    private static String text(Object value) {
        @SuppressWarnings("unchecked")
        String text = value instanceof Map ? write((Map<String, ?>) value) : quote("" + value);
        return text;
    }

    private static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            boolean plain = c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
            quoted.append(plain ? "" + c : String.format("\\u%04x", (int) c));
        }
        return quoted.append('"').toString();
    }
}
