namespace SignatureVectors
{
    /// <summary>
    /// Plug your client in here. `vecgen export` writes this file once and never changes it again.
    /// </summary>
    internal static class Signer
    {
        /// <summary>
        /// Answers one question: a line of JSON with the members key_file, or email and key;
        /// method, resource, data (an object); sometimes profile, dashboard_config, base_url.
        /// `sigcheck docs protocol` describes them. Return one of Answer.Signed(token, message),
        /// where the message may be null, Answer.Refused(why), and Answer.Unsupported(what), which
        /// is skipped above level core and fails there. An exception fails the vector: turn those
        /// that refuse an input into Answer.Refused.
        /// </summary>
        public static Answer Sign(string question)
        {
            throw new System.InvalidOperationException("Signer.cs: call your client here");
        }
    }
}
