<?php
// Signs with the plugin's own classes what it would sign: reads {key, issuer, now, launch} as JSON from standard input,
// where launch holds the arguments of launch_claims::of, and prints {site, launch}. HS256 as \Firebase\JWT, which comes
// with Moodle, does it.

use quizaccess_probity\local\launch_claims;
use quizaccess_probity\local\site_key;
use quizaccess_probity\local\tokens;

require(__DIR__ . '/../../moodle-plugin/tests/unit/bootstrap.php');

$asked = json_decode(stream_get_contents(STDIN));
$base64url = fn(string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
$sign = function (array $payload, string $secret, string $kid, string $typ) use ($base64url): string {
    $head = ['typ' => $typ, 'alg' => 'HS256', 'kid' => $kid];
    $signed = $base64url(json_encode($head)) . '.' . $base64url(json_encode($payload, JSON_UNESCAPED_SLASHES));
    return $signed . '.' . $base64url(hash_hmac('sha256', $signed, $secret, true));
};

$tokens = new tokens(site_key::parse($asked->key), $asked->issuer, $sign);
echo json_encode([
    'site' => $tokens->site($asked->now),
    'launch' => $tokens->launch(launch_claims::of(...$asked->launch), $asked->now),
]);
