using System;
using System.Collections.Specialized;
using System.IO;
using System.Text;

/// <summary>
/// A port in C#: answers the questions of sigcheck with Signature.cs. One JSON question per line on
/// standard input, one JSON answer per line on standard output (docs/PROTOCOL.md). With Mono:
/// <code>
/// mcs -r:System.Numerics -out:port.exe *.cs
/// sigcheck run -- mono port.exe
/// </code>
/// </summary>
internal static class Port
{
    private static void Main()
    {
        var utf8 = new UTF8Encoding(false);
        var input = new StreamReader(Console.OpenStandardInput(), utf8, false);
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        for (string line = input.ReadLine(); line != null; line = input.ReadLine())
        {
            if (line.Trim() != "")
            {
                output.Write(Json.Write(Reply(line)) + "\n");
            }
        }
    }

    private static OrderedDictionary Reply(string line)
    {
        var result = new OrderedDictionary();
        try
        {
            OrderedDictionary question = Json.ReadObject(line);
            if (question.Contains("id"))
            {
                result["id"] = Credentials.Text(question, "id");
            }
            Signature signed = Answer(question);
            result["headers"] = new OrderedDictionary { ["X-Auth-Signature"] = signed.Token };
            result["hmac_msg"] = signed.Message;
            result["url"] = signed.Url;
            if (signed.Body != null)
            {
                result["body"] = signed.Body;
            }
        }
        catch (NotSupportedException e)
        {
            result["unsupported"] = e.Message;
        }
        catch (Exception e) when (e is FormatException || e is EncoderFallbackException)
        {
            result["error"] = e.Message;
        }
        return result;
    }

    /// <summary>Signs the request that the question describes.</summary>
    private static Signature Answer(OrderedDictionary question)
    {
        string profile = Credentials.Text(question, "profile", "linuxlink");
        if (!Credentials.Servers.ContainsKey(profile))
        {
            throw new FormatException("unknown profile");
        }
        Credentials credentials = ReadCredentials(question, profile);
        var data = question["data"] as OrderedDictionary
            ?? throw new FormatException("data must be an object");
        if (question.Contains("dashboard_config"))
        {
            string config = Credentials.Text(question, "dashboard_config");
            foreach (var token in Credentials.DashboardTokens(config, profile))
            {
                data[token.Key] = token.Value;
            }
        }
        string method = Credentials.Text(question, "method");
        return new Signature(credentials, method, Credentials.Text(question, "resource"), data);
    }

    private static Credentials ReadCredentials(OrderedDictionary question, string profile)
    {
        var credentials = question.Contains("key_file")
            ? Credentials.ReadKeyFile(Credentials.Text(question, "key_file"), profile)
            : new Credentials(
                Credentials.Text(question, "email"),
                Credentials.Text(question, "key"),
                Credentials.Servers[profile]);
        string server = Credentials.Text(question, "base_url", credentials.Server);
        return new Credentials(credentials.Email, credentials.Key, server);
    }
}
