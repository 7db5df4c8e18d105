#!/usr/bin/env bash
# Prints the tour's commands for a running demonstration, ready to paste into a second terminal.
#
#   guide.sh DATA_FOLDER OTPD SERVICE_URL ADMIN_URL CARRIER
set -euo pipefail
data=$1 otpd=$2 service=$3 admin=$4 carrier=$5
account=tran_thi_demo_sotttt@hanoi.gov.vn

# Paths as short as they can be for a shell in the folder where `make run` was called.
short() {
    local path=${1#"$PWD"/}
    printf '%q' "$path"
}
d=$(short "$data")
b=$(short "$otpd")

cat <<END

otpd is ready.
  service   $service      (the SSO page's backend calls it)
  admin     $admin      (operators; metrics at $admin/metrics)
  log       $d/otpd.log
  messages  $carrier
  account   $account, told to its owner just now

Paste these into a second terminal, in this folder, one after the other. Keys are read from files in $d.

# 0. Names for what follows.
umask 077
service=$service; admin=$admin
sso=(-sS -H @$d/demo-sso.header -H 'Content-Type: application/json')
operator=(-sS -H @$d/demo-operator.header -H 'Content-Type: application/json')

# 1. The owner types the temporary password on the SSO page. The answer says what is owed: a factor.
jq '{account: "$account", password: .temporary_password, client: {ip: "192.0.2.10"}}' $d/demo-account.json |
  curl "\${sso[@]}" \$service/v1/sign-ins -d @- | tee $d/tour-sign-in.json | jq; id=\$(jq -r .id $d/tour-sign-in.json)

# 2. No authenticator yet, so the code that the operator handed over proves the owner. Owed next: a new password.
jq '{kind: "enrolment_code", code: .enrolment_code}' $d/demo-account.json |
  curl "\${sso[@]}" \$service/v1/sign-ins/\$id/factor -d @- | jq

# 3. A password that breaks Điều 12 is refused with every reason; a good one is taken. Owed next: an authenticator.
curl "\${sso[@]}" \$service/v1/sign-ins/\$id/password -d @- <<< '{"new_password": "hanoi*26"}' | jq
curl "\${sso[@]}" \$service/v1/sign-ins/\$id/password -d @- <<< '{"new_password": "Thuyền buồm đỏ 47 cánh!"}' | jq

# 4. The QR code. Scan it with an authenticator app, or let oathtool be the app.
curl "\${sso[@]}" \$service/v1/sign-ins/\$id/totp -d '{"label": "điện thoại"}' > $d/tour-enrolment.json
jq -r .uri $d/tour-enrolment.json | $b qr

# 5. The first code makes the authenticator count: recovery codes, shown once, and a signed assertion.
jq -r .secret $d/tour-enrolment.json | oathtool --totp --base32 - | jq -R '{code: .}' |
  curl "\${sso[@]}" \$service/v1/sign-ins/\$id/totp/\$(jq -r .enrolment $d/tour-enrolment.json) -d @- | tee $d/tour-done.json | jq
jq -r '.assertion | split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson' $d/tour-done.json

# 6. From now on: password and code. (The code of the next 30 seconds, since this one's is used.)
curl "\${sso[@]}" \$service/v1/sign-ins -d @- <<< '{"account": "tran_thi_demo_sotttt", "password": "Thuyền buồm đỏ 47 cánh!", "client": {"ip": "192.0.2.10"}}' |
  tee $d/tour-sign-in.json | jq; id=\$(jq -r .id $d/tour-sign-in.json)
jq -r .secret $d/tour-enrolment.json | oathtool --totp --base32 --now '30 seconds' - | jq -R '{kind: "totp", code: .}' |
  curl "\${sso[@]}" \$service/v1/sign-ins/\$id/factor -d @- | jq

# 7. Five wrong passwords lock the mailbox (Điều 8.2.b), also for the right one; mail still comes in.
for n in 1 2 3 4 5 6; do curl "\${sso[@]}" \$service/v1/sign-ins -d '{"account": "$account", "password": "sai lần '\$n'", "client": {"ip": "203.0.113.9"}}' | jq -c; done
curl "\${operator[@]}" \$admin/v1/accounts/$account | jq '{state, capabilities, locks}'

# 8. The organisation asked, the operator restores (Điều 8.3). The owner must then change the password again.
curl "\${operator[@]}" \$admin/v1/accounts/$account/restorations \\
  -d '{"document": "12/SKHCN-VP", "requested_by": "Sở Khoa học và Công nghệ", "remediation": "Đã xác minh chủ hộp thư"}' | jq

# 9. A mailbox with a registered phone: the code comes by SMS, and no enrolment code is needed (Điều 13).
curl "\${operator[@]}" \$admin/v1/accounts -d '{"address": "le_thi_sms_sotttt@hanoi.gov.vn", "kind": "personal", "phone": "0912 345 678"}' > $d/tour-phone.json
jq '{account: "le_thi_sms_sotttt", password: .temporary_password, client: {ip: "192.0.2.11"}}' $d/tour-phone.json |
  curl "\${sso[@]}" \$service/v1/sign-ins -d @- | tee $d/tour-sign-in.json | jq; id=\$(jq -r .id $d/tour-sign-in.json)
curl "\${sso[@]}" \$service/v1/sign-ins/\$id/sms -d '{}' | jq
$(short "$(dirname "${BASH_SOURCE[0]}")/handset.sh") $d +84912345678 | tee $d/tour-sms.txt
jq -Rs '{kind: "sms", code: (split("#")[1] | rtrimstr("\n"))}' $d/tour-sms.txt | curl "\${sso[@]}" \$service/v1/sign-ins/\$id/factor -d @- | jq

The same tour in one go, on an account of its own: deploy/demo/tour.sh
Ctrl-C here stops the service, its Redis and its Kannel; nothing is lost, \`make run\` continues.
END
