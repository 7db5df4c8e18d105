#pragma once
// First, for cms.h declares its PEM functions only behind it.
#include <openssl/pem.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// EVP_EC_gen is a macro over a variadic function; Swift imports neither.
static inline EVP_PKEY *openssl_make_p256_key(void) {
    return EVP_EC_gen("P-256");
}

// A context for HMAC with a digest chosen and no key yet; NULL on failure. OSSL_PARAM lists hold pointers that a
// Swift array cannot keep alive without nesting.
static inline EVP_MAC_CTX *openssl_make_hmac_context(const char *digest) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC_free(mac);
    if (context != NULL && EVP_MAC_CTX_set_params(context, parameters) != 1) {
        EVP_MAC_CTX_free(context);
        return NULL;
    }
    return context;
}

// HKDF-SHA-256 (RFC 5869), extract and expand; 1 on success.
static inline int openssl_hkdf_sha256(
    const unsigned char *key, size_t key_count, const unsigned char *salt, size_t salt_count,
    const unsigned char *info, size_t info_count, unsigned char *output, size_t output_count) {
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, key_count),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_count),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_count),
        OSSL_PARAM_construct_end(),
    };
    int result = context == NULL ? 0 : EVP_KDF_derive(context, output, output_count, parameters);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return result == 1;
}
