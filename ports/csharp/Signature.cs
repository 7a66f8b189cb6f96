using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>
/// Signs requests of the LinuxLink / Vigiles API. Needs C# 7 and the base library (.NET, or Mono),
/// nothing else. Names in backquotes are rules of docs/SIGNATURE.md. It lacks `nested-repr` (a list
/// or an object inside a list), and says so with a NotSupportedException.
/// <code>
/// var credentials = Credentials.ReadKeyFile(text, "linuxlink");
/// var signed = new Signature(credentials, "GET", "/api/v1/x", data);
/// </code>
/// </summary>
internal sealed class Signature
{
    // Refuses unpaired surrogates (`message-utf8`).
    private static readonly Encoding Utf8 = new UTF8Encoding(false, true);

    public string Token { get; }

    /// <summary>The message that was signed.</summary>
    public string Message { get; }

    public string Url { get; }

    /// <summary>The form to send, or null if there is none.</summary>
    public string Body { get; }

    /// <summary>Signs a request whose data is as Json reads it.</summary>
    public Signature(
        Credentials credentials, string method, string resource, OrderedDictionary data)
    {
        method = method.ToUpperInvariant();
        data = JoinEmail(data, credentials.Email);
        var keys = SortKeys(data.Keys.Cast<string>());
        var pairs = keys.SelectMany(key =>
            SortList(Spread(data[key])).Select(v => ToText(key) + "=" + ToText(v)));
        Message = BuildMessage(method, ToText(resource), JoinPairs(pairs));
        Token = Sign(ToText(credentials.Key), Message);
        Url = credentials.Server + resource;
        if (method == "POST")
        {
            Body = Form(data, data.Keys.Cast<string>(), true);
        }
        else
        {
            Url += "?" + Form(data, keys, false); // `wire-query`
        }
    }

    /// <summary>Step 2.</summary>
    private static OrderedDictionary JoinEmail(OrderedDictionary data, string email)
    {
        // begin email-joins: return data;
        data["email"] = email; // keeps the place of a member it had
        return data;
        // end
    }

    /// <summary>Step 3: strings by code point, numbers by exact value, never mixed.</summary>
    private static IEnumerable<object> SortList(IEnumerable<object> values)
    {
        // begin list-order: return values;
        var list = values as List<object>;
        if (list == null || list.Count < 2)
        {
            return values; // one alone is in order, and the names of an object stay as they are
        }
        if (list.All(v => v is string))
        {
            return SortKeys(list.Cast<string>());
        }
        if (list.All(v => v is List<object>))
        {
            throw new NotSupportedException("lists in a list");
        }
        if (list.All(v => v is BigInteger || v is double || v is bool))
        {
            return list.OrderBy(v => v, Comparer<object>.Create(CompareNumbers)); // stable
        }
        throw new FormatException("this list has no order");
        // end
    }

    // begin:
    private static int CompareNumbers(object a, object b)
    {
        if (a is double x && b is double y)
        {
            return x.CompareTo(y);
        }
        if (a is double)
        {
            return -CompareNumbers(b, a);
        }
        var i = a is bool t ? new BigInteger(t ? 1 : 0) : (BigInteger)a;
        if (!(b is double d))
        {
            return i.CompareTo(b is bool u ? new BigInteger(u ? 1 : 0) : (BigInteger)b);
        }
        if (double.IsInfinity(d))
        {
            return d > 0 ? -1 : 1;
        }
        int whole = i.CompareTo(new BigInteger(Math.Floor(d)));
        return whole == 0 && Math.Floor(d) != d ? -1 : whole;
    }

    // UTF-8 bytes sort by code point; string.CompareOrdinal would compare UTF-16 units.
    private static int CompareCodePoints(string a, string b)
    {
        byte[] x = Encoding.UTF8.GetBytes(a), y = Encoding.UTF8.GetBytes(b);
        int at = 0;
        while (at < x.Length && at < y.Length && x[at] == y[at])
        {
            at++;
        }
        return at < x.Length && at < y.Length ? x[at] - y[at] : x.Length - y.Length;
    }

    // end
    /// <summary>Step 4.</summary>
    private static IEnumerable<string> SortKeys(IEnumerable<string> keys)
    {
        // begin pair-order: return keys;
        return keys.OrderBy(key => key, Comparer<string>.Create(CompareCodePoints));
        // end
    }

    /// <summary>
    /// Step 5. Texts are encoded here, part by part: the last unit of a part and the first one of
    /// the next could pass for a surrogate pair.
    /// </summary>
    private static string ToText(object value)
    {
        // begin text-boolean: return Convert.ToString(value, CultureInfo.InvariantCulture);
        if (value is string s)
        {
            Utf8.GetByteCount(s); // an exception if there is an unpaired surrogate
            return s;
        }
        if (value is double d)
        {
            return FloatText(d);
        }
        if (value == null || value is bool || value is BigInteger)
        {
            return value?.ToString() ?? "None";
        }
        throw new NotSupportedException("lists or objects in a list");
        // end
    }

    // begin:
    // `text-float`: the shortest digits that give the same double.
    private static string FloatText(double d)
    {
        string sign = d < 0 || double.IsNegativeInfinity(1 / d) ? "-" : "";
        if (d == 0 || double.IsInfinity(d))
        {
            return sign + (d == 0 ? "0.0" : "inf");
        }
        string text = Enumerable.Range(0, 17)
            .Select(n => Math.Abs(d).ToString("E" + n, CultureInfo.InvariantCulture))
            .First(s => Json.ParseDouble(s) == Math.Abs(d));
        Match parts = Regex.Match(text, @"^(\d)\.?(\d*)E([-+]\d+)$");
        string digits = parts.Groups[1].Value + parts.Groups[2].Value;
        int exponent = int.Parse(parts.Groups[3].Value, CultureInfo.InvariantCulture);
        return sign + Layout(digits, exponent);
    }

    private static string Layout(string digits, int exponent)
    {
        if (exponent < -4 || exponent >= 16)
        {
            string mantissa = digits.Length > 1 ? digits.Insert(1, ".") : digits;
            return mantissa + "e" + exponent.ToString("+00;-00", CultureInfo.InvariantCulture);
        }
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }
        return digits.PadRight(exponent + 2, '0').Insert(exponent + 1, ".");
    }

    // end
    /// <summary>
    /// `list-pairs`, `object-keys`: elements of a list, names of an object; else the value.
    /// </summary>
    private static IEnumerable<object> Spread(object value)
    {
        // begin list-pairs: return new[] { value };
        if (value is OrderedDictionary members)
        {
            return members.Keys.Cast<object>();
        }
        return value as List<object> ?? (IEnumerable<object>)new[] { value };
        // end
    }

    /// <summary>Step 6: `no-escaping`, whatever the text holds.</summary>
    private static string JoinPairs(IEnumerable<string> pairs)
    {
        // begin pairs-join: return "";
        return string.Join("&", pairs);
        // end
    }

    /// <summary>Step 7.</summary>
    private static string BuildMessage(string method, string resource, string joined)
    {
        // begin message-layout: return joined;
        return method + resource + joined;
        // end
    }

    /// <summary>Step 8.</summary>
    private static string Sign(string key, string message)
    {
        // begin token-hmac: return "";
        using (var hmac = new HMACSHA256(Utf8.GetBytes(key)))
        {
            return Convert.ToBase64String(hmac.ComputeHash(Utf8.GetBytes(message)));
        }
        // end
    }

    /// <summary>What to send: lists go out as they came, not sorted.</summary>
    private static string Form(
        OrderedDictionary data, IEnumerable<string> keys, bool withoutNull)
    {
        // begin wire-form: return "";
        var pairs = keys.SelectMany(key => Spread(data[key])
            .Where(v => v != null || !withoutNull)
            .Select(v => WebUtility.UrlEncode(key) + "=" + WebUtility.UrlEncode(ToText(v))));
        return string.Join("&", pairs);
        // end
    }
}
