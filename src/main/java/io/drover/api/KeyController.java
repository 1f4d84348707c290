package io.drover.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.drover.journal.ApiKey;
import io.drover.journal.ApiKeys;
import io.drover.who.Actor;
import io.drover.who.KeyText;
import io.drover.who.Role;
import io.drover.who.Workflows;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The keys of programs, for administrators. */
@RestController
@Tag(name = "keys")
public class KeyController {

    /** What a program may be given: a vote is a person's, and keys are made by people. */
    private static final Set<Role> ROLES = EnumSet.complementOf(EnumSet.of(Role.APPROVER, Role.ADMIN));

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    /** What is asked for. */
    @Schema(name = "ApiKeyRequest")
    public record Request(
            @Schema(description = "The program's name.", example = "billing") @Nullable String name,
            @Schema(description = "operator, reader, viewer, submitter or scraper.", example = "[\"submitter\"]")
                    @Nullable
                    List<String> roles,
            @Schema(
                            description = "The workflows that the roles are about, as in billing-*; missing for all.",
                            example = "[\"billing-*\"]")
                    @Nullable
                    List<String> workflows,
            @Schema(name = "for", description = "How long it counts; 1 m to 366 days.", example = "90d")
                    @JsonProperty("for")
                    @Nullable
                    String lasting) {}

    /** The only answer that holds a key's secret. */
    @Schema(name = "NewApiKey")
    public record NewKey(
            @Schema(description = "The key. It is shown here, and never again.") String key, KeyInfo details) {}

    /** All keys. */
    @Schema(name = "ApiKeys")
    public record Keys(List<KeyInfo> keys) {}

    private final ApiKeys keys;

    KeyController(ApiKeys keys) {
        this.keys = keys;
    }

    /** The roles that a key can have. */
    public static List<String> roles() {
        return ROLES.stream().map(Role::text).toList();
    }

    @GetMapping("/api/keys")
    @Operation(
            operationId = "listKeys",
            summary = "List the keys that count, and those that ended within 30 days",
            description = "The newest come first. No answer holds a key's secret.")
    public Keys list() {
        return new Keys(keys.list().stream().map(KeyInfo::of).toList());
    }

    @PostMapping("/api/keys")
    @Operation(
            operationId = "createKey",
            summary = "Make a key for a program",
            description =
                    "The answer holds the key, which is shown once: only its digest is stored. Two keys of one name may count together, so that one can take the place of the other.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "409", description = "Two keys of this name count already.")
    public NewKey create(@RequestBody Request request, Actor actor) {
        ApiKeys.Request wanted = checked(request);
        String key = KeyText.random();
        ApiKey made = keys.make(wanted, KeyText.digest(key), actor)
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.CONFLICT,
                        "too-many-keys",
                        "%d keys of %s count; revoke the older one first: DELETE /api/keys/{id}"
                                .formatted(ApiKeys.MOST_OF_A_NAME, wanted.name())));
        return new NewKey(key, KeyInfo.of(made));
    }

    @DeleteMapping("/api/keys/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "revokeKey", summary = "Revoke a key; every process refuses it within five seconds")
    @ApiResponse(responseCode = "204")
    public void revoke(@PathVariable long id, Actor actor) {
        if (keys.revoke(id, actor).isEmpty()) {
            throw ProblemException.of(
                    HttpStatus.NOT_FOUND, "unknown-key", "no key %d counts; GET /api/keys lists them".formatted(id));
        }
    }

    private static ApiKeys.Request checked(Request request) {
        String name = request.name() == null ? "" : request.name();
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.badField(
                    "$.name",
                    name,
                    "is missing or no name of a program",
                    "1 to 63 of a-z, 0-9, dot, hyphen and underscore, beginning with a letter or digit");
        }
        return new ApiKeys.Request(
                name, roles(request.roles()), workflows(request.workflows()), lasting(request.lasting()));
    }

    private static Set<Role> roles(@Nullable List<String> texts) {
        Set<Role> roles = texts == null
                ? Set.of()
                : texts.stream()
                        .flatMap(text -> Role.of(String.valueOf(text)).stream())
                        .filter(ROLES::contains)
                        .collect(Collectors.toSet());
        if (texts == null || roles.isEmpty() || roles.size() < new HashSet<>(texts).size()) {
            throw ProblemException.badField(
                    "$.roles",
                    texts,
                    "is missing or holds a role that no program can have",
                    "a list of " + String.join(", ", roles()));
        }
        return roles;
    }

    private static Workflows workflows(@Nullable List<String> globs) {
        if (globs != null && (globs.isEmpty() || !globs.stream().allMatch(Workflows::isGlob))) {
            throw ProblemException.badField(
                    "$.workflows",
                    globs,
                    "is empty or names what is no workflow",
                    "a list of names, in which * stands for any characters, as in billing-*");
        }
        return Workflows.of(globs == null ? List.of() : globs);
    }

    private static Duration lasting(@Nullable String text) {
        String accepted = "a time between 1 m and 366 days, as in 90d; every key expires";
        try {
            Duration lasting = TimeText.parse(text == null ? "" : text);
            if (lasting.compareTo(SHORTEST) >= 0 && lasting.compareTo(LONGEST) <= 0) {
                return lasting;
            }
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField("$.for", text, "is missing or no time with its unit", accepted);
        }
        throw ProblemException.badField("$.for", text, "is out of range", accepted);
    }
}
