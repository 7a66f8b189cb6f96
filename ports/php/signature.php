<?php

// Signs requests of the LinuxLink / Vigiles API.
//
// Needs PHP 8.1 or later, nothing else. Names in backquotes are rules of docs/SIGNATURE.md. It
// lacks lists and objects inside a list (`nested-repr`) and what json_decode cannot read: integers
// of more than 64 bits, unpaired surrogates, and names that start with NUL. It says so.
//
//     $credentials = Signature\readKeyFile($text);
//     $signed = Signature\sign($credentials, 'GET', '/api/v1/x', (object) ['all' => true]);

declare(strict_types=1);

namespace Signature;

const SERVERS = [
    'linuxlink' => 'https://linuxlink.timesys.com',
    'vigiles' => 'https://vigiles.lynx.com',
];

class Invalid extends \Exception
{
}

class Unsupported extends \Exception
{
}

class Credentials
{
    public function __construct(public string $email, public string $key, public string $server)
    {
    }
}

/** Step 1. */
function readKeyFile(string $text, string $profile = 'linuxlink'): Credentials
{
    $file = readFile($text);
    $email = textMember($file, 'email');
    if ($profile !== 'vigiles') {
        return new Credentials($email, textMember($file, 'key'), SERVERS[$profile]);
    }
    $keyName = property_exists($file, 'organization_key') ? 'organization_key' : 'key';
    $server = textMember($file, 'server_url', SERVERS[$profile]);
    $server = preg_replace('/\/\z/', '', $server); // `base-url`
    return new Credentials($email, textMember($file, $keyName, ''), $server);
}

/** `dashboard-config`: what a manifest upload adds to its data. */
function dashboardTokens(string $text, string $profile = 'linuxlink'): array
{
    $config = readFile($text);
    $vigiles = $profile === 'vigiles';
    $name = $vigiles && property_exists($config, 'group') ? 'group' : 'product';
    $token = textMember($config, $name);
    if ($vigiles && $token === '') {
        throw new Invalid("$name in the dashboard config is empty");
    }
    $folder = textMember($config, 'folder', '');
    $tokens = [$vigiles ? 'group_token' : 'product_token' => $token, 'folder_token' => $folder];
    return array_filter($tokens, fn ($text) => $text !== '');
}

/** Signs a request: what to send, and the message that was signed. */
function sign(Credentials $credentials, string $method, string $resource, object $data): array
{
    $method = strtoupper($method);
    $data = joinEmail($data, $credentials->email);
    $pairs = [];
    foreach (sortKeys(names($data)) as $key) {
        $value = $data->{$key};
        foreach (spread(is_array($value) ? sortList($value) : $value) as $element) {
            $pairs[] = [$key, toText($element)];
        }
    }
    $message = buildMessage($method, $resource, joinPairs($pairs));
    $headers = ['X-Auth-Signature' => token($credentials->key, $message)];
    $request = request($method, $credentials->server . $resource, $data);
    return ['headers' => $headers, 'hmac_msg' => $message] + $request;
}

/** trim() would remove NUL too, and knows ASCII only. */
function strip(string $text): string
{
    // begin key-file-strip: return $text;
    $space = '[\p{Z}\t-\r\x1c-\x1f\x{85}]+';
    return preg_replace("/\\A$space|$space\\z/u", '', $text);
    // end
}

/** Step 2. */
function joinEmail(object $data, string $email): object
{
    // begin email-joins: return $data;
    $joined = clone $data;
    $joined->email = $email; // keeps the place of a member it had
    return $joined;
    // end
}

/** Step 3. */
function sortList(array $values): array
{
    // begin list-order: return $values;
    $kind = fn ($value) => is_bool($value) || is_int($value) ? 'integer' : gettype($value);
    $kinds = array_unique(array_map($kind, $values));
    sort($kinds);
    if (count($values) < 2) { // one alone is in order
        return $values;
    } elseif ($kinds === ['string']) {
        sort($values, SORT_STRING); // by byte, which is by code point
    } elseif ($kinds === ['integer'] || $kinds === ['double']) {
        $number = fn ($value) => is_bool($value) ? (int) $value : $value;
        usort($values, fn ($a, $b) => $number($a) <=> $number($b));
    } elseif ($kinds === ['array'] || $kinds === ['double', 'integer']) {
        // PHP compares an integer and a float as floats, and `list-order` wants exact values
        throw new Unsupported('lists in a list, and floats beside integers in a list');
    } else {
        throw new Invalid('this list has no order');
    }
    return $values;
    // end
}

/** Step 4. */
function sortKeys(array $keys): array
{
    // begin pair-order: return $keys;
    sort($keys, SORT_STRING); // by byte, which is by code point
    return $keys;
    // end
}

/** Step 5. */
function toText(mixed $value): string
{
    // begin text-boolean: return is_string($value) ? $value : json_encode($value);
    return match (true) {
        is_string($value), is_int($value) => (string) $value,
        is_bool($value) => $value ? 'True' : 'False',
        $value === null => 'None',
        is_float($value) => floatText($value),
        default => throw new Unsupported('lists or objects in a list'),
    };
    // end
}

// begin:
/** `text-float`: the same digits as in PHP, but another layout. */
function floatText(float $value): string
{
    if (is_infinite($value)) {
        return $value > 0 ? 'inf' : '-inf';
    }
    $text = var_export($value, true);
    if (abs($value) >= 1e16 && abs($value) < 1e17) { // here PHP has no exponent yet
        $digits = rtrim(preg_replace('/\..*/', '', $text), '0');
        $text = preg_replace('/^(-?\d)(\d*)/', '$1.$2E+16', $digits);
    }
    return preg_replace(['/\.0?E/', '/E/', '/(?<=e[+-])\d$/'], ['e', 'e', '0$0'], $text);
}

// end
/** `list-pairs`, `object-keys`: elements of a list, names of an object; else the value. */
function spread(mixed $value): array
{
    // begin list-pairs: return [$value];
    return is_array($value) ? $value : (is_object($value) ? names($value) : [$value]);
    // end
}

/** Step 6: `no-escaping`, whatever the text holds. */
function joinPairs(array $pairs): string
{
    // begin pairs-join: return '';
    return implode('&', array_map(fn ($pair) => implode('=', $pair), $pairs));
    // end
}

/** Step 7. */
function buildMessage(string $method, string $resource, string $joined): string
{
    // begin message-layout: return $joined;
    return $method . $resource . $joined;
    // end
}

/** Step 8. */
function token(string $key, string $message): string
{
    // begin token-hmac: return '';
    return base64_encode(hash_hmac('sha256', $message, $key, true));
    // end
}

/** What to send: lists go out as they came, not sorted. */
function request(string $method, string $url, object $data): array
{
    // begin wire-form: return ['url' => $url];
    $pairs = [];
    $post = $method === 'POST';
    foreach ($post ? names($data) : sortKeys(names($data)) as $key) {
        foreach (spread($data->{$key}) as $value) {
            if (!$post || $value !== null) { // http_build_query would write key[0]=...
                $pairs[] = urlencode($key) . '=' . urlencode(toText($value));
            }
        }
    }
    $form = implode('&', $pairs);
    return $post ? ['url' => $url, 'body' => $form] : ['url' => "$url?$form"]; // `wire-query`
    // end
}

function names(object $data): array
{
    return array_map(strval(...), array_keys(get_object_vars($data)));
}

/** Reads a JSON object. */
function readObject(string $text): object
{
    // What follows $string in a pattern is looked for outside of strings.
    $string = '"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+"(*SKIP)(*FAIL)';
    if (preg_match("/$string|\\d{19,}(?![\\d.eE])/s", $text)) {
        throw new Unsupported('integers of more than 64 bits');
    }
    // json_decode makes -0 a float, and does not know NaN, which may stand in a member not read.
    $text = preg_replace("/$string|(?<=[\\s:,[])-0(?![\\d.eE])/s", '0', $text);
    $text = preg_replace("/$string|\\bNaN\\b|-?\\bInfinity\\b/s", 'null', $text);
    $value = json_decode($text, false, 2048);
    return match (json_last_error()) {
        JSON_ERROR_INVALID_PROPERTY_NAME => throw new Unsupported('names that start with NUL'),
        JSON_ERROR_UTF16 => throw new Unsupported('unpaired surrogates'),
        default => is_object($value) ? $value : throw new Invalid('this is no JSON object'),
    };
}

/** Reads a key file or a dashboard config, and strips its texts: `key-file-strip`. */
function readFile(string $text): object
{
    $file = readObject($text);
    foreach (get_object_vars($file) as $name => $value) {
        $file->{$name} = is_string($value) ? strip($value) : $value;
    }
    return $file;
}

function textMember(object $members, string $name, ?string $fallback = null): string
{
    $value = property_exists($members, $name) ? $members->{$name} : $fallback;
    if (!is_string($value)) {
        throw new Invalid("$name must be there and must be a string");
    }
    return $value;
}
