package signature;

/** Plug your client in here. `vecgen export` writes this file once and never changes it again. */
final class Signer {
    private Signer() {}

    /**
     * Answers one question: a line of JSON with the members key_file, or email and key; method,
     * resource, data (an object); sometimes profile, dashboard_config, base_url.
     * `sigcheck docs protocol` describes them.
     *
     * <p>Return one of Answer.signed(token, message), where the message may be null,
     * Answer.refused(why), and Answer.unsupported(what), which is skipped above level core and
     * fails there. An exception fails the test: turn those that refuse an input into
     * Answer.refused.
     */
    static Answer sign(String question) {
        throw new IllegalStateException("Signer.java: call your client here");
    }
}
