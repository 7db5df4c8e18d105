#!/usr/bin/env bash
# The tour in one go, against a running demonstration: provision, first sign-in, enrolment, second sign-in, the lock
# at the fifth wrong password, restoration. Prints each request and its answer; exits 1 at the first answer that is
# not the one expected. Works on an account of its own, made anew at each call.
#
#   tour.sh [DATA_FOLDER [OTPD]]      default: data, the release build
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
data=${1:-data}
otpd=${2:-$root/.build/release/otpd}

if [[ ! -s $data/demo.env ]]; then
    echo "No demonstration is running in $data: start one with \`make run\`." >&2
    exit 69
fi
service= admin=
# shellcheck disable=SC1091
source "$data/demo.env"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
answer=

title() {
    printf '\n── %s\n' "$1"
}

# What a person needs of an answer: pictures and signatures are shortened.
shown() {
    jq 'if .qr_svg then .qr_svg = "<svg …" else . end
        | if .assertion then .assertion |= (split(".") | "\(.[0]).…") else . end' <<<"$answer" 2>/dev/null || printf '%s\n' "$answer"
}

# call LISTENER METHOD PATH EXPECTED_STATUS [BODY]: sets answer. Keys and bodies are kept off the command line.
call() {
    local listener=$1 method=$2 path=$3 expected=$4 body=${5:-} url header status
    if [[ $listener == admin ]]; then
        url=$admin$path header=$data/demo-operator.header
    else
        url=$service$path header=$data/demo-sso.header
    fi
    printf '%s %s %s\n' "$method" "$path" "$body"
    local options=(-sS -m 20 -X "$method" -H @"$header" -o "$scratch/answer" -w '%{http_code}')
    if [[ -n $body ]]; then
        status=$(curl "${options[@]}" -H 'Content-Type: application/json' --data-binary @- "$url" <<<"$body")
    else
        status=$(curl "${options[@]}" "$url")
    fi
    answer=$(<"$scratch/answer")
    printf '→ %s\n' "$status"
    shown
    if [[ $status != "$expected" ]]; then
        echo "tour: expected $expected, got $status" >&2
        exit 1
    fi
}

# expect JQ_FILTER VALUE: holds the last answer to a value.
expect() {
    local value
    value=$(jq -r "$1" <<<"$answer")
    if [[ $value != "$2" ]]; then
        echo "tour: expected $1 to be $2, got $value" >&2
        exit 1
    fi
}

field() {
    jq -r "$1" <<<"$answer"
}

# The code of an authenticator app: of now, or of so many seconds later.
code() {
    oathtool --totp --base32 --now "+${1:-0} seconds" - <<<"$secret"
}

sign_in_body() {
    jq -cn --arg account "$address" --arg password "$1" --arg ip "$2" \
        '{account: $account, password: $password, client: {ip: $ip}}'
}

name=le_van_kha$(date +%s)_sotttt
address=$name@hanoi.gov.vn
chosen='Thuyền buồm đỏ 47 cánh!'
later='Mưa phùn tháng 3 & hoa bưởi'

title "1. The operator provisions a mailbox account"
call admin POST /v1/accounts 201 \
    "{\"address\": \"$address\", \"kind\": \"personal\", \"display_name\": \"Lê Văn Kha\", \"document\": \"01/DEMO\"}"
temporary=$(field .temporary_password)
enrolment_code=$(field .enrolment_code)

title "2. Its owner signs in for the first time: temporary password, then the enrolment code"
call service POST /v1/sign-ins 201 "$(sign_in_body "$temporary" 192.0.2.10)"
expect .status factor_required
id=$(field .id)
call service POST "/v1/sign-ins/$id/factor" 200 "{\"kind\": \"enrolment_code\", \"code\": \"$enrolment_code\"}"
expect .status password_change_required

title "3. The temporary password must go. Điều 12 refuses a bad one with every reason, and takes a good one"
call service POST "/v1/sign-ins/$id/password" 422 '{"new_password": "hanoi*26"}'
expect .code password-rejected
call service POST "/v1/sign-ins/$id/password" 200 "{\"new_password\": \"$chosen\"}"
expect .status enrolment_required

title "4. The owner scans a QR code with an authenticator app"
call service POST "/v1/sign-ins/$id/totp" 201 '{"label": "điện thoại"}'
secret=$(field .secret)
enrolment=$(field .enrolment)
field .uri | "$otpd" qr

title "5. The app's first code completes the enrolment and the sign-in: recovery codes, a signed assertion"
call service POST "/v1/sign-ins/$id/totp/$enrolment" 200 "{\"code\": \"$(code)\"}"
expect .status complete
recovery_code=$(field '.recovery_codes[0]')
echo "The assertion says:"
field '.assertion | split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson'

title "6. From now on: password, then a code (of the next 30 seconds, since the present one is used)"
call service POST /v1/sign-ins 201 "$(sign_in_body "$chosen" 192.0.2.10)"
expect .status factor_required
id=$(field .id)
next=$(code 30)
call service POST "/v1/sign-ins/$id/factor" 200 "{\"kind\": \"totp\", \"code\": \"$next\"}"
expect .status complete

title "7. The same code again is refused, without saying why"
call service POST /v1/sign-ins 201 "$(sign_in_body "$chosen" 192.0.2.10)"
id=$(field .id)
call service POST "/v1/sign-ins/$id/factor" 401 "{\"kind\": \"totp\", \"code\": \"$next\"}"
expect .code invalid-code

title "8. A stranger guesses: the fifth wrong password locks the mailbox (Điều 8.2.b)"
for guess in 1 2 3 4; do
    call service POST /v1/sign-ins 401 "$(sign_in_body "Đoán lần $guess!" 203.0.113.9)"
    expect .code invalid-credentials
done
# The fifth answer may be either code; after it, the right password is not even looked at.
fifth=$(sign_in_body 'Đoán lần 5!' 203.0.113.9)
printf 'POST /v1/sign-ins %s\n' "$fifth"
curl -sS -m 20 -H @"$data/demo-sso.header" -H 'Content-Type: application/json' --data-binary @- \
    "$service/v1/sign-ins" <<<"$fifth" | jq .
call service POST /v1/sign-ins 403 "$(sign_in_body "$chosen" 192.0.2.10)"
expect .code account-locked

title "9. Locked means: no sign-in, no sending; mail still comes in"
call admin GET "/v1/accounts/$address" 200
expect '.capabilities | "\(.login) \(.send) \(.receive)"' "false false true"

title "10. The organisation asks, the operator restores (Điều 8.3)"
call admin POST "/v1/accounts/$address/restorations" 200 \
    '{"document": "12/SKHCN-VP", "requested_by": "Sở Khoa học và Công nghệ", "remediation": "Đã xác minh chủ hộp thư"}'
temporary=$(field '.temporary_password // empty')

title "11. At the first sign-in afterwards the password must change again; here a recovery code is the factor"
call service POST /v1/sign-ins 201 "$(sign_in_body "${temporary:-$chosen}" 192.0.2.10)"
id=$(field .id)
call service POST "/v1/sign-ins/$id/factor" 200 "{\"kind\": \"recovery\", \"code\": \"$recovery_code\"}"
expect .status password_change_required
call service POST "/v1/sign-ins/$id/password" 200 "{\"new_password\": \"$later\"}"
expect .status complete

title "12. A mailbox whose owner registered a phone needs no enrolment code: the code comes by SMS (Điều 13)"
address=pham_thi_lan$(date +%s)_sotttt@hanoi.gov.vn
phone=+8491$(printf '%07d' $((RANDOM * 32768 % 10000000)))
call admin POST /v1/accounts 201 \
    "{\"address\": \"$address\", \"kind\": \"personal\", \"phone\": \"0${phone#+84}\", \"document\": \"01/DEMO\"}"
expect '.enrolment_code // "none"' none
temporary=$(field .temporary_password)
call service POST /v1/sign-ins 201 "$(sign_in_body "$temporary" 192.0.2.11)"
expect '.factors[0].kind' sms
id=$(field .id)
call service POST "/v1/sign-ins/$id/sms" 202 '{}'
echo "The phone shows:"
text=$("$root/deploy/demo/handset.sh" "$data" "$phone")
printf '%s\n' "$text" | sed 's/^/    /'
call service POST "/v1/sign-ins/$id/sms" 429 '{}'
call service POST "/v1/sign-ins/$id/factor" 200 "{\"kind\": \"sms\", \"code\": \"${text##*#}\"}"
expect .status password_change_required
call service POST "/v1/sign-ins/$id/password" 200 "{\"new_password\": \"$chosen\"}"
expect .status complete

title "13. The carrier reports; the operator sees that it works, and never the number"
call admin GET "/v1/accounts/$address" 200
expect .phone "******${phone: -3}"
for ((tries = 0; tries < 50; tries++)); do
    figures=$(curl -sS -m 10 "$admin/metrics" | grep -E '^otpd_sms_(sends|reports|verified)_total' || true)
    if [[ $figures == *'result="applied"'* || ! -d $data/kannel ]]; then break; fi
    sleep 0.1
done
echo "GET /metrics, of messages:"
printf '%s\n' "$figures" | sed 's/^/    /'

printf '\nThe tour is complete: every answer was the expected one.\n'
