#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A responder of the tally protocol, version 1 (see PROTOCOL.md), as a CGI program for hosts whose processes cannot be
# changed: sh, openssl 3 (LibreSSL has no Ed25519 here), jq, iconv, awk. The server hands the challenge over in
# HTTP_TALLY_CHALLENGE; as an argument, everybody on the host could read it. The rest is configured by variables:
#
#   TALLY_ENVIRONMENT   the environment's name in the fleet
#   TALLY_PUBLIC_KEYS   the checker's public keys, with blanks between them
#   TALLY_SECRETS       the names to answer for, with blanks between them
#   TALLY_ENV_FILE      optional: lines of NAME=value, told as `stored`; what follows `=` counts as it stands, as
#                       Docker reads such a file: quotes are part of the value, and the last of two lines counts
#   TALLY_PID           optional: the process to tell `running` of, by the environment that it was started with (Linux)
#
# No value is ever an argument of a program, exported, or written to a file: `ps` shows arguments to everybody, so the
# HMAC is made of plain SHA-256 over pipes. That needs a `printf` that is built into the shell.

set -u
LC_ALL=C
export LC_ALL
umask 077

base64url='^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$'
json_scalar='^(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null|"")?$'

fail() {
  printf 'tally-responder: %s\n' "$1" >&2
  exit 1
}

matches() { # text pattern
  case $1 in *'
'*) return 1 ;; esac
  printf '%s\n' "$1" | grep -Eq "$2"
}

reply() { # the member tally, or nothing
  printf 'Content-Type: application/json\r\nCache-Control: no-store\r\n\r\n{"status":"ok"%s}\n' "${1:+,\"tally\":$1}"
  exit 0
}

refuse() { # code, and "at" and the time after a valid signature
  reply "{\"version\":1,\"error\":\"$1\"${2:+,\"time\":\"$2\"}}"
}

check_configuration() {
  [ "$(command -v printf)" = printf ] || fail 'this shell has no printf of its own, and would show values to ps'
  matches "${TALLY_ENVIRONMENT-}" '^[a-z0-9][a-z0-9-]{0,62}$' || fail 'TALLY_ENVIRONMENT is not a name of an environment'
  [ -n "${TALLY_PUBLIC_KEYS-}" ] || fail 'TALLY_PUBLIC_KEYS is empty'
  for key in $TALLY_PUBLIC_KEYS; do
    matches "$key" "$base64url" && [ ${#key} -eq 43 ] || fail 'TALLY_PUBLIC_KEYS holds what is no public key'
    # Keys of small order, under which OpenSSL takes signatures that nobody made.
    matches "$key" '^(A[AQ]A{20}|7[Pfv]_{20}|JuiVj8KyJ7BFw_SJ8u-Y8N|xxdqcD1N2E-6PAt2DRBnDy)' &&
      fail 'TALLY_PUBLIC_KEYS holds a key of small order'
  done
  for name in ${TALLY_SECRETS-}; do
    matches "$name" '^[A-Za-z_][A-Za-z0-9_.-]{0,127}$' && [ "$name" != __proto__ ] || fail 'TALLY_SECRETS holds what is no name'
  done
}

decode() { # base64url
  padding=$(((4 - ${#1} % 4) % 4))
  printf "%s%.${padding}s" "$1" '==' | tr '_-' '/+' | openssl base64 -d -A
}

# jq takes more than JSON (NaN, 01, +1, tabs in texts), so what is left without the texts is looked at as well;
# grep takes a zero byte for the end of a line.
is_json_object() { # file
  [ "$(tr -dc '\000' <"$1" | wc -c)" -eq 0 ] || return 1
  iconv -f UTF-8 -t UTF-8 <"$1" >/dev/null 2>&1 || return 1
  sed -E 's/"([^"\\[:cntrl:]]|\\.)*"/""/g' <"$1" | tr '][{},: \t\r' '\n' | grep -Evq "$json_scalar" && return 1
  jq -es 'length == 1 and (.[0] | type == "object")' <"$1" >/dev/null 2>&1
}

is_well_made() { # three parts
  for part in "$1" "$2" "$3"; do matches "$part" "$base64url" || return 1; done
  [ ${#3} -eq 86 ] || return 1
  decode "$1" >"$work/header" && decode "$2" >"$work/claims" || return 1
  is_json_object "$work/header" && is_json_object "$work/claims" || return 1
  jq -e '.alg == "EdDSA" and .typ == "tally-challenge+jwt" and (has("crit") | not)' <"$work/header" >/dev/null || return 1
  jq -e 'def whole: type == "number" and . == floor and fabs <= 9007199254740991;
    .iss == "tallystick" and (.aud | type == "string") and (.iat | whole) and (.exp | whole)
    and .exp > .iat and .exp - .iat <= 60
    and (.jti | type == "string" and test("\\A[A-Za-z0-9_-]{22}\\z"))' <"$work/claims" >/dev/null 2>&1
}

is_signed() { # what was signed, signature
  printf '%s' "$1" >"$work/signed"
  decode "$2" >"$work/signature"
  for key in $TALLY_PUBLIC_KEYS; do
    # The SubjectPublicKeyInfo of RFC 8410 in front of the raw key.
    { printf '\060\052\060\005\006\003\053\145\160\003\041\000' && decode "$key"; } >"$work/key"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/signed" \
      -sigfile "$work/signature" >/dev/null 2>&1 && return 0
  done
  return 1
}

# The bytes of a hex text, each combined with a number by exclusive or. In lines, because cutting a long text is slow.
bytes() { # hex number
  printf '%s\n' "$1" | fold -w 128 | while read -r hex; do
    while [ -n "$hex" ]; do
      rest=${hex#??}
      byte=$((0x${hex%"$rest"} ^ $2))
      printf "\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
      hex=$rest
    done
  done
}

sha256() {
  openssl dgst -sha256 -r | cut -c1-64
}

# RFC 2104, with the key as hex: the tools that have an HMAC want its key as an argument.
hmac() { # key message
  block=$1
  [ ${#block} -le 128 ] || block=$(bytes "$block" 0 | sha256)
  while [ ${#block} -lt 128 ]; do block=${block}00; done
  inner=$({ bytes "$block" 54 && printf '%s' "$2"; } | sha256)
  { bytes "$block" 92 && bytes "$inner" 0; } | sha256
}

fingerprint() { # value as hex, name
  hmac "$1" "tally/v1
$TALLY_ENVIRONMENT
$2
$nonce"
}

hex_of() {
  od -An -v -tx1 | tr -d ' \n'
}

# Gives `null`, or `=` and the value as hex. Records end with a byte of their own: LF in files, NUL in /proc.
value_of() { # name separator file
  od -An -v -tx1 <"$3" | tr -s ' ' '\n' | awk -v separator="$2" -v wanted="$(printf '%s=' "$1" | hex_of)" '
    function finish() { if (index(record, wanted) == 1) value = "=" substr(record, length(wanted) + 1); record = "" }
    $1 == separator { finish(); next }
    { record = record $1 }
    END { finish(); print (value == "" ? "null" : value) }'
}

# A JSON object of what a file holds. Text that is not UTF-8 has no fingerprint; its name is left out.
fingerprints() { # separator file
  comma=
  printf '{'
  [ ! -r "$2" ] || for name in ${TALLY_SECRETS-}; do
    value=$(value_of "$name" "$1" "$2")
    if [ "$value" != null ]; then
      bytes "${value#=}" 0 | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || continue
      value="\"$(fingerprint "${value#=}" "$name")\""
    fi
    printf '%s"%s":%s' "$comma" "$name" "$value"
    comma=,
  done
  printf '}'
}

answer() {
  echo=$(fingerprint "$(printf 'tally/v1' | hex_of)" _echo)
  instance=$(uname -n)
  matches "$instance" '^[A-Za-z0-9._:-]{1,128}$' && instance="\"instance\":\"$instance\"," || instance=
  running='{}'
  [ -z "${TALLY_PID-}" ] || running=$(fingerprints 00 "/proc/$TALLY_PID/environ")
  stored=
  [ -z "${TALLY_ENV_FILE-}" ] || stored=",\"stored\":$(fingerprints 0a "$TALLY_ENV_FILE")"
  reply "{\"version\":1,\"environment\":\"$TALLY_ENVIRONMENT\",${instance}\"challenge\":\"$nonce\",\"echo\":\"$echo\",\"running\":$running$stored}"
}

check_configuration
[ -n "${HTTP_TALLY_CHALLENGE+set}" ] || reply ''
challenge=$HTTP_TALLY_CHALLENGE
case $challenge in *[!A-Za-z0-9_.-]* | *.*.*.*) refuse challenge-malformed ;; *.*.*) ;; *) refuse challenge-malformed ;; esac
[ ${#challenge} -le 2048 ] || refuse challenge-malformed
work=$(mktemp -d) || fail 'cannot make a temporary directory'
trap 'rm -rf "$work"' EXIT

claims_and_signature=${challenge#*.}
is_well_made "${challenge%%.*}" "${claims_and_signature%.*}" "${challenge##*.}" || refuse challenge-malformed
is_signed "${challenge%.*}" "${challenge##*.}" || refuse challenge-untrusted
now=$(date -u +%s)
code=$(jq -r --arg environment "$TALLY_ENVIRONMENT" --argjson now "$now" '
  if .aud != $environment then "challenge-audience"
  elif .iat > $now + 30 then "challenge-early"
  elif $now >= .exp + 30 then "challenge-expired"
  else "accepted" end' <"$work/claims")
[ "$code" = accepted ] || refuse "${code:-challenge-malformed}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
nonce=$(jq -r .jti <"$work/claims")
answer
