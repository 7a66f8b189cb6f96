/* The steps 2 to 8, and what is sent. */
#include "signature.h"

#include <ctype.h>
#include <math.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct problem *problem, bool unsupported, const char *why)
{
    problem->unsupported = unsupported;
    snprintf(problem->why, sizeof problem->why, "%s", why);
    return false;
}

static void append(struct buffer *buffer, const char *text, size_t length)
{
    if (buffer->length + length + 1 > buffer->capacity) {
        buffer->capacity = 2 * (buffer->length + length + 1);
        buffer->text = realloc(buffer->text, buffer->capacity);
        if (buffer->text == NULL)
            abort();
    }
    memcpy(buffer->text + buffer->length, text, length);
    buffer->length += length;
    buffer->text[buffer->length] = '\0';
}

static void append_string(struct buffer *buffer, json_t *string)
{
    append(buffer, json_string_value(string), json_string_length(string));
}

/* Step 2. */
static void join_email(json_t *data, json_t *email)
{
    /* begin email-joins: */
    json_object_set(data, "email", email); /* keeps the place of a member it had */
    /* end */
}

/* begin: */
static int compare_mixed(json_int_t integer, double real)
{
    if (real >= 0x1p63 || real < -0x1p63)
        return real > 0 ? -1 : 1;
    json_int_t whole = (json_int_t)floor(real);
    if (integer != whole)
        return integer < whole ? -1 : 1;
    return floor(real) < real ? -1 : 0;
}

/* `list-order`: strings by code point, numbers and booleans by exact value. */
static int compare_values(json_t *a, json_t *b)
{
    if (json_is_string(a)) {
        size_t m = json_string_length(a), n = json_string_length(b);
        int order = memcmp(json_string_value(a), json_string_value(b), m < n ? m : n);
        return order != 0 ? order : (m > n) - (m < n);
    }
    double x = json_real_value(a), y = json_real_value(b);
    if (json_is_real(a) && json_is_real(b))
        return (x > y) - (x < y);
    json_int_t i = json_is_boolean(a) ? json_is_true(a) : json_integer_value(a);
    json_int_t j = json_is_boolean(b) ? json_is_true(b) : json_integer_value(b);
    if (json_is_real(b))
        return compare_mixed(i, y);
    if (json_is_real(a))
        return -compare_mixed(j, x);
    return (i > j) - (i < j);
}

/* What can be compared: 1 strings, 2 numbers and booleans, 4 lists, 8 nothing. */
static int kind(json_t *value)
{
    if (json_is_string(value))
        return 1;
    if (json_is_number(value) || json_is_boolean(value))
        return 2;
    return json_is_array(value) ? 4 : 8;
}

/* end */
/* Step 3: sorts in place. */
static bool sort_list(json_t *list, struct problem *problem)
{
    /* begin list-order: return list != NULL || fail(problem, false, "no list"); */
    int kinds = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        kinds |= kind(json_array_get(list, i));
    if (json_array_size(list) < 2)
        return true; /* one alone is in order */
    if (kinds == 4)
        return fail(problem, true, "lists in a list");
    if (kinds != 1 && kinds != 2)
        return fail(problem, false, "this list has no order");
    for (size_t i = 1; i < json_array_size(list); i++) { /* stable, which qsort is not */
        json_t *value = json_incref(json_array_get(list, i));
        size_t place = i;
        while (place > 0 && compare_values(json_array_get(list, place - 1), value) > 0)
            place--;
        json_array_remove(list, i);
        json_array_insert_new(list, place, value);
    }
    return true;
    /* end */
}

/* begin: */
static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* end */
/* Step 4: strcmp compares bytes, which is by code point. */
static void sort_keys(const char **keys, size_t count)
{
    /* begin pair-order: (void)keys, (void)count; */
    qsort(keys, count, sizeof *keys, compare_keys);
    /* end */
}

/* The keys of an object, in its order. The caller frees the array. */
static const char **keys_of(json_t *data)
{
    const char **keys = calloc(json_object_size(data) + 1, sizeof *keys);
    const char *key;
    json_t *value;
    size_t count = 0;
    if (keys == NULL)
        abort();
    json_object_foreach(data, key, value)
        keys[count++] = key;
    return keys;
}

/* begin: */
/* `text-float`: the shortest digits that give the same double. */
static void append_real(struct buffer *buffer, double value)
{
    char text[40];
    int digits = 0;
    do
        snprintf(text, sizeof text, "%.*e", digits++, value);
    while (strtod(text, NULL) != value);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (exponent >= -4 && exponent < 16) {
        int decimals = digits - 1 - exponent;
        snprintf(text, sizeof text, "%.*f", decimals > 1 ? decimals : 1, value);
    }
    append(buffer, text, strlen(text));
}

/* end */
/* Step 5. */
static bool append_text(struct buffer *buffer, json_t *value, struct problem *problem)
{
    char text[32] = "";
    if (json_is_string(value)) {
        append_string(buffer, value);
        return true;
    }
    /* begin text-boolean: snprintf(text, sizeof text, json_is_true(value) ? "true" : "false"); */
    if (json_is_array(value) || json_is_object(value))
        return fail(problem, true, "lists or objects in a list");
    if (json_is_real(value))
        append_real(buffer, json_real_value(value));
    else if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_null(value))
        snprintf(text, sizeof text, "None");
    else
        snprintf(text, sizeof text, "%s", json_is_true(value) ? "True" : "False");
    /* end */
    append(buffer, text, strlen(text));
    return problem != NULL;
}

/* `list-pairs`, `object-keys`: elements of a list, keys of an object; else the value alone. The
 * caller owns the list. */
static json_t *spread(json_t *value)
{
    json_t *list = json_array();
    /* begin list-pairs: json_array_append(list, value); */
    const char *key;
    json_t *member;
    if (json_is_array(value))
        json_array_extend(list, value);
    else if (json_is_object(value))
        json_object_foreach(value, key, member)
            json_array_append_new(list, json_string(key));
    else
        json_array_append(list, value);
    /* end */
    return list;
}

/* Step 6: `no-escaping`, whatever the text holds. */
static bool join_pair(struct buffer *joined, const char *key, json_t *value,
                      struct problem *problem)
{
    /* begin pairs-join: return key && append_text(joined, value, problem); */
    if (joined->length > 0)
        append(joined, "&", 1);
    append(joined, key, strlen(key));
    append(joined, "=", 1);
    return append_text(joined, value, problem);
    /* end */
}

static bool join_pairs(struct buffer *joined, json_t *data, struct problem *problem)
{
    const char **keys = keys_of(data);
    size_t count = json_object_size(data);
    bool good = true;
    sort_keys(keys, count);
    for (size_t i = 0; good && i < count; i++) {
        json_t *value = json_object_get(data, keys[i]);
        json_t *list = spread(value);
        good = !json_is_array(value) || sort_list(list, problem);
        for (size_t j = 0; good && j < json_array_size(list); j++)
            good = join_pair(joined, keys[i], json_array_get(list, j), problem);
        json_decref(list);
    }
    free(keys);
    return good;
}

/* Step 7. */
static void build_message(struct buffer *message, const struct buffer *method, json_t *resource,
                          const struct buffer *joined)
{
    /* begin message-layout: (void)method, (void)resource; */
    append(message, method->text, method->length);
    append_string(message, resource);
    /* end */
    append(message, joined->text, joined->length);
}

/* Step 8. */
static void build_token(char token[45], json_t *key, const struct buffer *message)
{
    /* begin token-hmac: (void)key, (void)message; token[0] = '\0'; */
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    HMAC(EVP_sha256(), json_string_value(key), (int)json_string_length(key),
         (const unsigned char *)message->text, message->length, mac, &length);
    EVP_EncodeBlock((unsigned char *)token, mac, (int)length);
    /* end */
}

/* begin: */
static void append_encoded(struct buffer *buffer, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        char escape[4];
        if (byte < 0x80 && (isalnum(byte) || strchr("-._~", byte)) && byte != '\0') {
            append(buffer, &text[i], 1);
        } else {
            snprintf(escape, sizeof escape, "%%%02X", byte);
            append(buffer, escape, 3);
        }
    }
}

/* end */
/* What to send: lists go out as they came, not sorted. */
static void append_form(struct buffer *form, json_t *data, bool without_null)
{
    /* begin wire-form: (void)form, (void)data, (void)without_null; */
    const char **keys = keys_of(data);
    const char *separator = "";
    if (!without_null)
        sort_keys(keys, json_object_size(data)); /* `wire-query` */
    for (size_t i = 0; i < json_object_size(data); i++) {
        json_t *list = spread(json_object_get(data, keys[i]));
        for (size_t j = 0; j < json_array_size(list); j++) {
            json_t *value = json_array_get(list, j);
            struct buffer text = {0};
            struct problem problem;
            if (json_is_null(value) && without_null)
                continue;
            append_text(&text, value, &problem); /* signed before, so it has a text */
            append(form, separator, strlen(separator));
            append_encoded(form, keys[i], strlen(keys[i]));
            append(form, "=", 1);
            append_encoded(form, text.text, text.length);
            separator = "&";
            free(text.text);
        }
        json_decref(list);
    }
    free(keys);
    /* end */
}

bool sign(const struct credentials *credentials, json_t *method, json_t *resource, json_t *data,
          struct signed_request *request, struct problem *problem)
{
    struct buffer upper = {0}, joined = {0};
    append_string(&upper, method);
    for (size_t i = 0; i < upper.length; i++)
        upper.text[i] = (char)toupper((unsigned char)upper.text[i]);
    join_email(data, credentials->email);
    append(&joined, "", 0);
    bool good = join_pairs(&joined, data, problem);
    if (good) {
        build_message(&request->message, &upper, resource, &joined);
        build_token(request->token, credentials->key, &request->message);
        append_string(&request->url, credentials->server);
        append_string(&request->url, resource);
        if (strcmp(upper.text, "POST") == 0) {
            append(&request->body, "", 0);
            append_form(&request->body, data, true);
        } else { /* `wire-query` */
            append(&request->url, "?", 1);
            append_form(&request->url, data, false);
        }
    }
    free(upper.text);
    free(joined.text);
    return good;
}

void signed_free(struct signed_request *request)
{
    free(request->message.text);
    free(request->url.text);
    free(request->body.text);
}
