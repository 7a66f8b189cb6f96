/* What a client reads from its key file and its dashboard config. */
#include "signature.h"

#include <stdio.h>
#include <string.h>

const char *default_server(bool vigiles)
{
    return vigiles ? "https://vigiles.lynx.com" : "https://linuxlink.timesys.com";
}

/* A member without the white space at its ends, as a new reference. */
static json_t *stripped_member(json_t *object, const char *name, const char *fallback,
                               struct problem *problem)
{
    json_t *member = text_member(object, name, fallback, problem);
    if (member == NULL)
        return NULL;
    const char *start = json_string_value(member);
    const char *end = start + json_string_length(member);
    /* begin key-file-strip: */
    static const char *const spaces[] = {
        "\t", "\n", "\v", "\f", "\r", "\x1c", "\x1d", "\x1e", "\x1f", " ", "\xc2\x85",
        "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
        "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f",
        "\u205f", "\u3000",
    };
    const size_t count = sizeof spaces / sizeof *spaces;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(spaces[i]);
        bool left = (size_t)(end - start) >= size;
        if (left && memcmp(start, spaces[i], size) == 0)
            start += size;
        else if (left && memcmp(end - size, spaces[i], size) == 0)
            end -= size;
        else
            continue;
        i = (size_t)-1; /* once more, from the first */
    }
    /* end */
    json_t *stripped = json_stringn(start, (size_t)(end - start));
    json_decref(member);
    return stripped;
}

bool read_key_file(json_t *text, bool vigiles, struct credentials *credentials,
                   struct problem *problem)
{
    json_t *file = read_object(json_string_value(text), json_string_length(text), problem);
    if (file == NULL)
        return false;
    credentials->email = stripped_member(file, "email", NULL, problem);
    if (vigiles) {
        const char *name = json_object_get(file, "organization_key") ? "organization_key" : "key";
        credentials->key = stripped_member(file, name, "", problem);
        json_t *server = stripped_member(file, "server_url", default_server(vigiles), problem);
        size_t length = json_string_length(server);
        if (length > 0 && json_string_value(server)[length - 1] == '/') /* `base-url` */
            json_string_setn(server, json_string_value(server), length - 1);
        credentials->server = server;
    } else {
        credentials->key = stripped_member(file, "key", NULL, problem);
        credentials->server = json_string(default_server(vigiles));
    }
    json_decref(file);
    return credentials->email && credentials->key && credentials->server;
}

void credentials_free(struct credentials *credentials)
{
    json_decref(credentials->email);
    json_decref(credentials->key);
    json_decref(credentials->server);
}

static void set_unless_empty(json_t *data, const char *name, json_t *token)
{
    if (json_string_length(token) > 0)
        json_object_set(data, name, token);
}

bool add_dashboard_tokens(json_t *data, json_t *text, bool vigiles, struct problem *problem)
{
    json_t *config = read_object(json_string_value(text), json_string_length(text), problem);
    if (config == NULL)
        return false;
    const char *name = vigiles && json_object_get(config, "group") ? "group" : "product";
    json_t *token = stripped_member(config, name, NULL, problem);
    json_t *folder = stripped_member(config, "folder", "", problem);
    bool valid = token && folder;
    if (valid && vigiles && json_string_length(token) == 0) {
        snprintf(problem->why, sizeof problem->why, "%s in the dashboard config is empty", name);
        valid = false;
    }
    if (valid) {
        set_unless_empty(data, vigiles ? "group_token" : "product_token", token);
        set_unless_empty(data, "folder_token", folder);
    }
    json_decref(token);
    json_decref(folder);
    json_decref(config);
    return valid;
}

json_t *read_object(const char *text, size_t length, struct problem *problem)
{
    json_error_t error;
    json_t *value = json_loadb(text, length, JSON_ALLOW_NUL, &error);
    if (json_is_object(value))
        return value;
    if (value == NULL) {
        enum json_error_code code = json_error_code(&error);
        problem->unsupported = code == json_error_numeric_overflow
            || code == json_error_null_byte_in_key
            || strncmp(error.text, "invalid Unicode", strlen("invalid Unicode")) == 0
            || strstr(error.text, "'NaN'") != NULL;
        snprintf(problem->why, sizeof problem->why, "reading JSON: %.120s", error.text);
    } else {
        snprintf(problem->why, sizeof problem->why, "this is no JSON object");
    }
    json_decref(value);
    return NULL;
}

json_t *text_member(json_t *object, const char *name, const char *fallback,
                    struct problem *problem)
{
    json_t *member = json_object_get(object, name);
    if (json_is_string(member))
        return json_incref(member);
    if (member == NULL && fallback != NULL)
        return json_string(fallback);
    snprintf(problem->why, sizeof problem->why, "%s must be there and must be a string", name);
    return NULL;
}
