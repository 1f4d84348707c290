package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The keys of programs. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes the API keys of programs. Needs the role admin.",
        subcommands = {KeyCommand.Create.class, KeyCommand.ListAll.class, KeyCommand.Revoke.class})
final class KeyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "key needs one of create, list and revoke");
    }

    /** Makes a key. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a key and prints it, once: only its digest is stored.",
                "Two keys of one name may count together, so that one can take the place of the other."
            })
    static final class Create extends RemoteCommand {

        @Parameters(index = "0", paramLabel = "<name>", description = "The program, as in billing.")
        private String name;

        @Option(
                names = "--role",
                required = true,
                split = ",",
                description = "What it may do: operator, reader, viewer, submitter or scraper; several with commas.")
        private List<String> roles;

        @Option(
                names = "--workflow",
                split = ",",
                description = "The workflows that the roles are about, as in 'billing-*'. Defaults to all.")
        private @Nullable List<String> workflows;

        @Option(
                names = "--for",
                required = true,
                paramLabel = "<time>",
                description = "How long it counts, as in 90d; up to 366 days.")
        private Duration lasting;

        @Override
        int run(Api api) throws RefusedException {
            Map<String, Object> wanted = new HashMap<>();
            wanted.put("name", name);
            wanted.put("roles", roles);
            wanted.put("workflows", workflows);
            wanted.put("for", lasting.toString());
            Answer answer = api.post("/api/keys", wanted);
            show(answer, () -> {
                say(answer.json().path("key").asText());
                complain("key %s counts until %s; it is not shown again"
                        .formatted(
                                answer.json().path("details").path("id").asText(),
                                Table.time(answer.json().path("details").path("expiresAt"))));
            });
            return 0;
        }
    }

    /** Lists the keys. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the keys that count, and those that ended within 30 days.")
    static final class ListAll extends RemoteCommand {

        @Override
        int run(Api api) throws RefusedException {
            Answer answer = api.get("/api/keys", Map.of());
            show(answer, () -> {
                Table table =
                        new Table("ID", "NAME", "ROLES", "WORKFLOWS", "CREATED BY", "EXPIRES", "LAST USED", "REVOKED");
                for (JsonNode key : answer.json().path("keys")) {
                    StringBuilder roles = new StringBuilder();
                    key.path("roles").forEach(role -> roles.append(roles.isEmpty() ? "" : ",")
                            .append(role.asText()));
                    table.row(
                            key.path("id"),
                            key.path("name"),
                            roles,
                            key.path("workflows"),
                            key.path("createdBy"),
                            Table.time(key.path("expiresAt")),
                            key.has("lastUsed") ? Table.time(key.path("lastUsed")) : "never",
                            Table.time(key.path("revokedAt")));
                }
                table.print(out());
            });
            return 0;
        }
    }

    /** Revokes keys. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Revokes keys; every process refuses them within five seconds. `key list` names them.")
    static final class Revoke extends RemoteCommand {

        @Parameters(arity = "1..*", paramLabel = "<id>", description = "The numbers of the keys.")
        private List<Long> ids;

        @Override
        int run(Api api) {
            return Decisions.each(
                    ids, this, id -> show(api.delete("/api/keys/" + id), () -> say("key %d is revoked".formatted(id))));
        }
    }
}
