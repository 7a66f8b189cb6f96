using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>
/// Reads and writes JSON without loss; the libraries round numbers or take what is no JSON. Objects
/// become OrderedDictionary, lists List, integers BigInteger, other numbers double. If a member is
/// given twice, the last value counts, at the first place. As in Python, NaN and Infinity are
/// numbers.
/// </summary>
internal sealed class Json
{
    private const string Escapes = "\"\\/bfnrt";
    private const string Escaped = "\"\\/\b\f\n\r\t";

    private static readonly Regex Word = new Regex(
        @"\G(?:(-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)|true|false|null|NaN|-?Infinity)");

    private readonly string text;
    private int at;

    private Json(string text)
    {
        this.text = text;
    }

    public static OrderedDictionary ReadObject(string text)
    {
        var reader = new Json(text);
        var value = reader.Value() as OrderedDictionary;
        reader.Blanks();
        if (value == null || reader.at < text.Length)
        {
            throw new FormatException("this is no JSON object");
        }
        return value;
    }

    private object Value()
    {
        Blanks();
        switch (Peek())
        {
            case '{': return Object();
            case '[': return List();
            case '"': return String();
            default: return Scalar();
        }
    }

    private OrderedDictionary Object()
    {
        var members = new OrderedDictionary();
        for (bool more = Begins('{', '}'); more; more = Continues('}'))
        {
            Blanks();
            string name = String();
            Blanks();
            Expect(':');
            members[name] = Value();
        }
        return members;
    }

    private List<object> List()
    {
        var elements = new List<object>();
        for (bool more = Begins('[', ']'); more; more = Continues(']'))
        {
            elements.Add(Value());
        }
        return elements;
    }

    private bool Begins(char first, char last)
    {
        Expect(first);
        Blanks();
        return !Skip(last);
    }

    private bool Continues(char last)
    {
        Blanks();
        if (Skip(last))
        {
            return false;
        }
        Expect(',');
        return true;
    }

    private string String()
    {
        Expect('"');
        var result = new StringBuilder();
        for (char c = Next(); c != '"'; c = Next())
        {
            if (c < ' ')
            {
                throw new FormatException("a control character in a JSON string");
            }
            result.Append(c == '\\' ? Escape(Next()) : c);
        }
        return result.ToString();
    }

    private char Escape(char c)
    {
        if (c == 'u')
        {
            string digits = string.Concat(Next(), Next(), Next(), Next());
            if (Regex.IsMatch(digits, "^[0-9a-fA-F]{4}$"))
            {
                return (char)Convert.ToInt32(digits, 16); // half of a pair may stand alone
            }
        }
        else if (Escapes.IndexOf(c) >= 0)
        {
            return Escaped[Escapes.IndexOf(c)];
        }
        throw new FormatException("an escape that is no JSON");
    }

    private object Scalar()
    {
        Match word = Word.Match(text, at);
        at += word.Length;
        switch (word.Value)
        {
            case "": throw new FormatException("this is no JSON");
            case "null": return null;
            case "true": return true;
            case "false": return false;
            case "NaN": return double.NaN;
            case "Infinity": return double.PositiveInfinity;
            case "-Infinity": return double.NegativeInfinity;
        }
        if (!word.Groups[2].Success && !word.Groups[3].Success)
        {
            return BigInteger.Parse(word.Value, CultureInfo.InvariantCulture);
        }
        double sign = word.Value[0] == '-' ? -1 : 1; // Mono reads -0.0 without its sign
        return sign * ParseDouble(word.Value.TrimStart('-'));
    }

    /// <summary>Mono throws an exception where a number is too large, .NET does not.</summary>
    public static double ParseDouble(string digits)
    {
        try
        {
            return double.Parse(digits, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return double.PositiveInfinity;
        }
    }

    private void Blanks()
    {
        while (at < text.Length && " \t\r\n".IndexOf(text[at]) >= 0)
        {
            at++;
        }
    }

    private char Peek()
    {
        return at < text.Length ? text[at] : '\0';
    }

    private char Next()
    {
        return at < text.Length ? text[at++] : throw new FormatException("the JSON ends too early");
    }

    private bool Skip(char c)
    {
        bool found = Peek() == c;
        at += found ? 1 : 0;
        return found;
    }

    private void Expect(char c)
    {
        if (!Skip(c))
        {
            throw new FormatException("this is no JSON");
        }
    }

    /// <summary>Writes an object of strings and such objects.</summary>
    public static string Write(OrderedDictionary value)
    {
        var members = value.Keys.Cast<string>().Select(name => Quote(name) + ":" + (
            value[name] is OrderedDictionary inner ? Write(inner) : Quote((string)value[name])));
        return "{" + string.Join(",", members) + "}";
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            bool plain = c >= ' ' && c != '"' && c != '\\' && !char.IsSurrogate(c);
            quoted.Append(plain ? c.ToString() : "\\u" + ((int)c).ToString("x4"));
        }
        return quoted.Append('"').ToString();
    }
}
