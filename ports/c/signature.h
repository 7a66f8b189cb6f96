/*
 * Signs requests of the LinuxLink / Vigiles API, with jansson and libcrypto. Names in backquotes
 * are rules of docs/SIGNATURE.md.
 *
 * It lacks `nested-repr` (a list or an object inside a list) and what jansson cannot read: integers
 * of more than 64 bits, unpaired surrogates, NaN in files, and names with NUL. It says so.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Why a function returned false or NULL. */
struct problem {
    bool unsupported; /* else the input is invalid */
    char why[160];
};

/* Text may hold NUL, so each has a length. */
struct buffer {
    char *text;
    size_t length;
    size_t capacity;
};

/* JSON strings; credentials_free gives the references back. */
struct credentials {
    json_t *email;
    json_t *key;
    json_t *server;
};

/* What to send, and the message that was signed; signed_free frees it. */
struct signed_request {
    char token[45];
    struct buffer message;
    struct buffer url;
    struct buffer body; /* for POST */
};

const char *default_server(bool vigiles);

/* Reads a JSON object; the caller owns it. */
json_t *read_object(const char *text, size_t length, struct problem *problem);

/* A member that must be a string, as a new reference. A fallback is for a member that is absent. */
json_t *text_member(json_t *object, const char *name, const char *fallback,
                    struct problem *problem);

/* Step 1. */
bool read_key_file(json_t *text, bool vigiles, struct credentials *credentials,
                   struct problem *problem);
void credentials_free(struct credentials *credentials);

/* `dashboard-config`: adds to data what a manifest upload takes from the text of the config. */
bool add_dashboard_tokens(json_t *data, json_t *text, bool vigiles, struct problem *problem);

/* Signs a request. The email joins data. */
bool sign(const struct credentials *credentials, json_t *method, json_t *resource, json_t *data,
          struct signed_request *request, struct problem *problem);
void signed_free(struct signed_request *request);

#endif
