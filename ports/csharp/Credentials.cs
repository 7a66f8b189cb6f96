using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Text.RegularExpressions;

/// <summary>Step 1: what a client reads from its key file and its dashboard config.</summary>
internal sealed class Credentials
{
    public static readonly IReadOnlyDictionary<string, string> Servers =
        new Dictionary<string, string>
        {
            ["linuxlink"] = "https://linuxlink.timesys.com",
            ["vigiles"] = "https://vigiles.lynx.com",
        };

    public string Email { get; }

    public string Key { get; }

    public string Server { get; }

    public Credentials(string email, string key, string server)
    {
        Email = email;
        Key = key;
        Server = server;
    }

    public static Credentials ReadKeyFile(string text, string profile)
    {
        OrderedDictionary file = Json.ReadObject(text);
        string email = Strip(Text(file, "email"));
        if (profile != "vigiles")
        {
            return new Credentials(email, Strip(Text(file, "key")), Servers[profile]);
        }
        string name = file.Contains("organization_key") ? "organization_key" : "key";
        string server = Strip(Text(file, "server_url", Servers[profile]));
        server = Regex.Replace(server, @"/\z", ""); // `base-url`
        return new Credentials(email, Strip(Text(file, name, "")), server);
    }

    /// <summary>`dashboard-config`: what a manifest upload adds to its data.</summary>
    public static IEnumerable<KeyValuePair<string, string>> DashboardTokens(
        string text, string profile)
    {
        OrderedDictionary config = Json.ReadObject(text);
        bool vigiles = profile == "vigiles";
        string name = vigiles && config.Contains("group") ? "group" : "product";
        var tokens = new Dictionary<string, string>
        {
            [vigiles ? "group_token" : "product_token"] = Strip(Text(config, name)),
            ["folder_token"] = Strip(Text(config, "folder", "")),
        };
        if (vigiles && tokens["group_token"] == "")
        {
            throw new FormatException(name + " in the dashboard config is empty");
        }
        return tokens.Where(token => token.Value != "");
    }

    // Trim() would leave U+001C to U+001F.
    private static string Strip(string text)
    {
        // begin key-file-strip: return text;
        return Regex.Replace(text, @"^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+\z", "");
        // end
    }

    /// <summary>A member that must be a string, or may be absent if there is a fallback.</summary>
    public static string Text(OrderedDictionary members, string name, string fallback = null)
    {
        object value = members.Contains(name) ? members[name] : fallback;
        return value as string ?? throw new FormatException(
            name + " must be there and must be a string");
    }
}
