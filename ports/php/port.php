<?php

// A port in PHP: answers the questions of sigcheck with signature.php.
//
// One JSON question per line on standard input, one JSON answer per line on standard output
// (docs/PROTOCOL.md). With --send it also sends each request, with the curl extension:
//
//     sigcheck run -- php port.php
//     sigcheck run --capture -- php port.php --send

declare(strict_types=1);

require __DIR__ . '/signature.php';

use Signature\{Credentials, Invalid, Unsupported};
use function Signature\{dashboardTokens, readKeyFile, readObject, sign, textMember};
use const Signature\SERVERS;

/** Signs the request that the question describes. */
function answer(object $question): array
{
    $profile = textMember($question, 'profile', 'linuxlink');
    isset(SERVERS[$profile]) || throw new Invalid('unknown profile');
    $credentials = readCredentials($question, $profile);
    $data = $question->data ?? null;
    is_object($data) || throw new Invalid('data must be an object');
    if (isset($question->dashboard_config)) {
        $tokens = dashboardTokens(textMember($question, 'dashboard_config'), $profile);
        foreach ($tokens as $name => $token) {
            $data->{$name} = $token;
        }
    }
    $method = textMember($question, 'method');
    return sign($credentials, $method, textMember($question, 'resource'), $data);
}

function readCredentials(object $question, string $profile): Credentials
{
    if (isset($question->key_file)) {
        $credentials = readKeyFile(textMember($question, 'key_file'), $profile);
    } else {
        [$email, $key] = [textMember($question, 'email'), textMember($question, 'key')];
        $credentials = new Credentials($email, $key, SERVERS[$profile]);
    }
    $credentials->server = textMember($question, 'base_url', $credentials->server);
    return $credentials;
}

/** Sends a signed request, and returns what the server said. */
function send(string $method, array $signed): string
{
    // The URL may hold raw characters, which a request line may not; escapes stay as they are.
    $encode = fn ($match) => rawurlencode($match[0]);
    $request = curl_init(preg_replace_callback('/[^!-~]/', $encode, $signed['url']));
    $headers = [];
    foreach ($signed['headers'] as $name => $value) {
        $headers[] = "$name: $value";
    }
    curl_setopt_array($request, [
        CURLOPT_CUSTOMREQUEST => strtoupper($method),
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_PATH_AS_IS => true,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 5,
    ] + (isset($signed['body']) ? [CURLOPT_POSTFIELDS => $signed['body']] : []));
    $response = curl_exec($request);
    return $response === false ? throw new Invalid(curl_error($request)) : $response;
}

function reply(string $line, bool $sends): array
{
    // The id comes first in a question, and is wanted even where json_decode cannot read the rest.
    $result = preg_match('/^\{"id":"([^"\\\\]*)"/', $line, $match) ? ['id' => $match[1]] : [];
    try {
        $question = readObject($line);
        $signed = answer($question);
        $result += $signed;
        if ($sends) {
            $result['server'] = send($question->method, $signed);
        }
    } catch (Unsupported $e) {
        $result['unsupported'] = $e->getMessage();
    } catch (Invalid $e) {
        $result['error'] = $e->getMessage();
    }
    return $result;
}

while (($line = fgets(STDIN)) !== false) {
    if (trim($line) !== '') {
        echo json_encode(reply($line, in_array('--send', $argv)), JSON_THROW_ON_ERROR), "\n";
    }
}
