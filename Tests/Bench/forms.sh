# Sourced by run.sh: Mẫu 03 with 100,000 rows, judged and carried out, passwords in sealed files.

# form_imports: rows a second by CSV and by XLSX against the five minutes that 100,000 rows may take, and the memory.
form_imports() {
    local kind folder=$work/forms most=0
    say "forms with 100,000 rows"
    mkdir -p "$folder"
    cat >"$folder/otpd.json" <<JSON
{
  "listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0", "database": "sqlite:otpd.db", "redis": null,
  "keys": ["$work/ring.key"], "instance": "bench"
}
JSON
    openssl req -x509 -nodes -subj /CN=bench -days 2 -newkey rsa:2048 -keyout "$folder/key.pem" \
        -out "$folder/certificate.pem" 2>"$folder/openssl.log" || fail "no certificate: $(cat "$folder/openssl.log")"
    for kind in csv xlsx; do
        python3 "$here/forms.py" 100000 "$folder/mau03.$kind" || fail "no form was written"
        rm -f "$folder"/otpd.db*
        import_form "$folder" "$folder/mau03.$kind"
        row "100,000 rows of Mẫu 03 by ${kind^^} (1/s) / 333 for five minutes" "$(whole "$rate")" 333 \
            "$(calculate "$rate * 300 / 100000")" 3 8 "≥"
        most=$(calculate "($peak > $most) ? $peak : $most")
    done
    row "memory for a form with 100,000 rows (MiB)" "$(whole "$most")" – "$most" 384 256 "≤"
    rm -f "$folder"/mau03.*
}

# import_form FOLDER FORM: carries a form out; sets rate (rows a second) and peak (MiB).
import_form() {
    local start pid taken told
    peak=0
    start=$(date +%s%N)
    "$otpd" forms import --config "$1/otpd.json" --form 03 "$2" --apply --json --certificate "$1/certificate.pem" \
        --out "$1/sealed" >"$1/report" 2>"$1/progress" &
    pid=$!
    while told=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [[ -n $told ]]; do
        peak=$(calculate "$told / 1024")
        sleep 0.1
    done
    wait "$pid" || fail "the form was not carried out: $(tail -n 3 "$1/progress")"
    taken=$(($(date +%s%N) - start))
    [[ $(tail -n 1 "$1/report" | jq .carried_out) == 100000 ]] || fail "rows are missing: $(tail -n 1 "$1/report")"
    rate=$(calculate "100000 * 1e9 / $taken")
}
