/*
 * A port in C: answers the questions of sigcheck with signature.c. One JSON question per line on
 * standard input, one JSON answer per line on standard output (docs/PROTOCOL.md):
 *
 *     make
 *     sigcheck run -- ./port
 */
#define _POSIX_C_SOURCE 200809L /* getline */
#include "signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_credentials(json_t *question, bool vigiles, struct credentials *credentials,
                             struct problem *problem)
{
    bool good;
    if (json_object_get(question, "key_file")) {
        json_t *file = text_member(question, "key_file", NULL, problem);
        good = file && read_key_file(file, vigiles, credentials, problem);
        json_decref(file);
    } else {
        credentials->email = text_member(question, "email", NULL, problem);
        credentials->key = text_member(question, "key", NULL, problem);
        credentials->server = json_string(default_server(vigiles));
        good = credentials->email && credentials->key;
    }
    if (good && json_object_get(question, "base_url")) {
        json_decref(credentials->server);
        credentials->server = text_member(question, "base_url", NULL, problem);
        good = credentials->server != NULL;
    }
    return good;
}

static bool answer(json_t *question, struct credentials *credentials,
                   struct signed_request *request, struct problem *problem)
{
    const char *profile = "linuxlink";
    if (json_object_get(question, "profile"))
        profile = json_string_value(json_object_get(question, "profile"));
    bool vigiles = profile && strcmp(profile, "vigiles") == 0;
    json_t *data = json_object_get(question, "data");
    if (!profile || (!vigiles && strcmp(profile, "linuxlink") != 0) || !json_is_object(data)) {
        snprintf(problem->why, sizeof problem->why, "the profile is unknown, or data is no object");
        return false;
    }
    json_t *config = json_object_get(question, "dashboard_config");
    json_t *method = text_member(question, "method", NULL, problem);
    json_t *resource = text_member(question, "resource", NULL, problem);
    bool good = method && resource && read_credentials(question, vigiles, credentials, problem)
        && (!config || add_dashboard_tokens(data, config, vigiles, problem))
        && sign(credentials, method, resource, data, request, problem);
    json_decref(method);
    json_decref(resource);
    return good;
}

static void set_buffer(json_t *result, const char *name, const struct buffer *buffer)
{
    if (buffer->text != NULL)
        json_object_set_new(result, name, json_stringn(buffer->text, buffer->length));
}

/* The id comes first in a question, and is wanted even where jansson cannot read the rest. */
static void set_id(json_t *result, const char *line)
{
    static const char start[] = "{\"id\":\"";
    const char *id = line + sizeof start - 1;
    const char *end = strncmp(line, start, sizeof start - 1) == 0 ? strchr(id, '"') : NULL;
    if (end != NULL)
        json_object_set_new(result, "id", json_stringn(id, (size_t)(end - id)));
}

static void reply(const char *line, size_t length)
{
    struct problem problem = {0};
    struct credentials credentials = {0};
    struct signed_request request = {0};
    json_t *result = json_object();
    json_t *question = read_object(line, length, &problem);
    set_id(result, line);
    if (question && answer(question, &credentials, &request, &problem)) {
        json_object_set_new(result, "headers",
                            json_pack("{ss}", "X-Auth-Signature", request.token));
        set_buffer(result, "hmac_msg", &request.message);
        set_buffer(result, "url", &request.url);
        set_buffer(result, "body", &request.body);
    } else {
        const char *member = problem.unsupported ? "unsupported" : "error";
        json_object_set_new(result, member, json_string(problem.why));
    }
    json_dumpf(result, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(result);
    json_decref(question);
    credentials_free(&credentials);
    signed_free(&request);
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, stdin)) >= 0)
        if (length > 1)
            reply(line, (size_t)length);
    free(line);
    return 0;
}
