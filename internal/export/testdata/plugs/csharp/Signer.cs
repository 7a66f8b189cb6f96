using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.IO;
using System.Linq;
using System.Text;

namespace SignatureVectors
{
    /// <summary>Signs with the sample port, or answers what the file SIGKIT_ANSWERS says.</summary>
    internal static class Signer
    {
        private static readonly Dictionary<string, Answer> Answers = Recorded();

        public static Answer Sign(string text)
        {
            if (Answers != null)
            {
                return Answers[text.Split('"')[3]];
            }
            try
            {
                Signature signed = Sign(Json.ReadObject(text));
                return Answer.Signed(signed.Token, signed.Message);
            }
            catch (NotSupportedException e)
            {
                return Answer.Unsupported(e.Message);
            }
            catch (Exception e) when (e is FormatException || e is EncoderFallbackException)
            {
                return Answer.Refused(e.Message);
            }
        }

        private static Signature Sign(OrderedDictionary question)
        {
            string profile = Credentials.Text(question, "profile", "linuxlink");
            var credentials = question.Contains("key_file")
                ? Credentials.ReadKeyFile(Credentials.Text(question, "key_file"), profile)
                : new Credentials(
                    Credentials.Text(question, "email"), Credentials.Text(question, "key"), "");
            var data = (OrderedDictionary)question["data"];
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

        private static Dictionary<string, Answer> Recorded()
        {
            string file = Environment.GetEnvironmentVariable("SIGKIT_ANSWERS");
            return file == null ? null : File.ReadLines(file).Select(line => line.Split('\t'))
                .ToDictionary(parts => parts[0], parts => Parse(parts));
        }

        private static Answer Parse(string[] parts)
        {
            switch (parts[1])
            {
                case "refused": return Answer.Refused("no");
                case "unsupported": return Answer.Unsupported("this");
            }
            return Answer.Signed(Unhex(parts[2]), Unhex(parts[3]));
        }

        private static string Unhex(string digits)
        {
            var bytes = Enumerable.Range(0, digits.Length / 2)
                .Select(i => Convert.ToByte(digits.Substring(2 * i, 2), 16));
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
    }
}
