<?php

// Signs with the sample port, or answers what the file SIGKIT_ANSWERS says.

declare(strict_types=1);

require __DIR__ . '/signature.php';

function answer(object $question): array
{
    $profile = $question->profile ?? 'linuxlink';
    $credentials = isset($question->key_file)
        ? Signature\readKeyFile($question->key_file, $profile)
        : new Signature\Credentials($question->email, $question->key, '');
    if (isset($question->dashboard_config)) {
        $tokens = Signature\dashboardTokens($question->dashboard_config, $profile);
        foreach ($tokens as $name => $token) {
            $question->data->{$name} = $token;
        }
    }
    return Signature\sign($credentials, $question->method, $question->resource, $question->data);
}

$answers = null;
foreach (getenv('SIGKIT_ANSWERS') ? file(getenv('SIGKIT_ANSWERS'), FILE_IGNORE_NEW_LINES) : [] as $line) {
    [$id, $kind, $token, $message] = explode("\t", $line);
    $answers[$id] = match ($kind) {
        'signed' => ['token' => hex2bin($token), 'hmac_msg' => hex2bin($message)],
        'refused' => ['error' => 'no'],
        'unsupported' => ['unsupported' => 'this'],
    };
}

return function (string $question) use ($answers): array {
    if ($answers !== null) {
        preg_match('/^\{"id":"([^"]*)"/', $question, $match);
        return $answers[$match[1]];
    }
    try {
        $signed = answer(Signature\readObject($question));
    } catch (Signature\Unsupported $e) {
        return ['unsupported' => $e->getMessage()];
    } catch (Signature\Invalid $e) {
        return ['error' => $e->getMessage()];
    }
    return ['token' => $signed['headers']['X-Auth-Signature'], 'hmac_msg' => $signed['hmac_msg']];
};
