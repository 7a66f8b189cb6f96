<?php

// Plug your client in here. `vecgen export` writes this file once and never changes it again.

declare(strict_types=1);

/*
 * Answers one question: a line of JSON with the members key_file, or email and key; method,
 * resource, data (an object); sometimes profile, dashboard_config, base_url.
 * `sigcheck docs protocol` describes them.
 *
 * Return an array with one of these forms:
 *
 *     ['token' => 'the value of X-Auth-Signature', 'hmac_msg' => 'the signed message, optional']
 *     ['error' => 'why the client refuses this input']
 *     ['unsupported' => 'what the client lacks']      skipped above level core, fails there
 *
 * An exception fails the test: turn those that refuse an input into an error.
 */
return function (string $question): array {
    throw new LogicException('signer.php: call your client here');
};
