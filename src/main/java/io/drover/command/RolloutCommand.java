package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Versions of workflows that get a part of the new tasks, and are judged by how they end. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = "Shows how a version on trial stands, and decides about it.",
        subcommands = {
            RolloutCommand.Status.class,
            RolloutCommand.Promote.class,
            RolloutCommand.Abort.class,
            RolloutCommand.Pause.class,
            RolloutCommand.Resume.class
        })
final class RolloutCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "rollout needs one of status, promote, abort, pause and resume");
    }

    private static String path(String id) {
        return "/api/rollouts/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Shows one, or lists all. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows the evidence of a rollout; without an id it lists all, the newest first.")
    static final class Status extends RemoteCommand {

        @Parameters(index = "0", arity = "0..1", paramLabel = "<id>", description = "The rollout's id.")
        private @Nullable String id;

        @Override
        int run(Api api) throws RefusedException {
            Answer answer = api.get(id == null ? "/api/rollouts" : path(id), Map.of());
            show(answer, () -> {
                if (id == null) {
                    list(answer.json().path("rollouts"));
                } else if (answer.json().path("mode").asText().equals("shadow")) {
                    shadows(answer.json());
                } else {
                    evidence(answer.json());
                }
            });
            return 0;
        }

        private void list(JsonNode rollouts) {
            Table table = new Table("ID", "WORKFLOW", "CANDIDATE", "STATE", "PERCENT", "COMPARED", "SINCE", "REASON");
            rollouts.forEach(one -> table.row(
                    one.path("id"),
                    one.path("workflow"),
                    one.path("candidate"),
                    state(one),
                    one.path("percent"),
                    one.path("compared"),
                    Table.time(one.path("beganAt")),
                    one.path("reason")));
            table.print(out());
        }

        private void shadows(JsonNode one) {
            JsonNode shadows = one.path("shadows");
            say("%s: version %s of %s mirrors %s %% of the tasks of version %s, and is %s"
                    .formatted(
                            one.path("id").asText(),
                            one.path("candidate").asText(),
                            one.path("workflow").asText(),
                            one.path("percent").asText(),
                            one.path("control").asText(),
                            state(one)));
            say("%s (%s)".formatted(one.path("reason").asText(), one.path("who").asText()));
            say("%s shadows compared, %s under way; models cost $%s live and $%s in shadows, of which $%s were spent"
                    .formatted(
                            shadows.path("compared").asText(),
                            shadows.path("open").asText(),
                            shadows.path("liveUsd").asText(),
                            shadows.path("shadowUsd").asText(),
                            shadows.path("spentUsd").asText()));
            Table table = new Table("DIFFERENCE", "TOOL", "SHADOWS", "SHADOW", "LIVE", "REASON");
            shadows.path("groups")
                    .forEach(group -> table.row(
                            group.path("difference"),
                            group.path("tool"),
                            group.path("shadows"),
                            group.path("shadow"),
                            group.path("live"),
                            group.path("reason")));
            table.print(out());
        }

        private void evidence(JsonNode one) {
            if (one.path("mode").asText().equals("image")) {
                say("%s: the image of the canary is %s at %s %%; control is the stable one"
                        .formatted(
                                one.path("id").asText(),
                                state(one),
                                one.path("percent").asText()));
            } else {
                say("%s: version %s of %s is %s at %s %% (steps %s); control is version %s"
                        .formatted(
                                one.path("id").asText(),
                                one.path("candidate").asText(),
                                one.path("workflow").asText(),
                                state(one),
                                one.path("percent").asText(),
                                one.path("steps"),
                                one.path("control").asText()));
            }
            say("%s (%s)".formatted(one.path("reason").asText(), one.path("who").asText()));
            Table table = new Table("GUARDRAIL", "COMPARED", "CANDIDATE BAD", "CONTROL BAD", "WORSE", "GOOD");
            one.path("evidence")
                    .forEach(rail -> table.row(
                            rail.path("guardrail"),
                            rail.path("pairs"),
                            rail.path("candidate"),
                            rail.path("control"),
                            evidence(rail, "worse"),
                            evidence(rail, "good")));
            table.print(out());
        }

        private static String state(JsonNode one) {
            return one.path("state").asText() + (one.path("overdue").asBoolean() ? ", overdue" : "");
        }

        private static String evidence(JsonNode rail, String verdict) {
            return String.format(
                    Locale.ROOT,
                    "%.1f of %.1f",
                    rail.path(verdict).asDouble(),
                    rail.path(verdict + "From").asDouble());
        }
    }

    /** A decision of a person. */
    abstract static class Decision extends RemoteCommand {

        @Parameters(index = "0", paramLabel = "<id>", description = "The rollout's id.")
        private String id;

        @Option(names = "--why", required = true, description = "Why; it stands in the audit.")
        private String why;

        private final String action;

        Decision(String action) {
            this.action = action;
        }

        @Override
        final int run(Api api) throws RefusedException {
            Answer answer = api.post(path(id) + "/" + action, Map.of("reason", why));
            show(
                    answer,
                    () -> say("rollout %s is %s at %s %%"
                            .formatted(
                                    id,
                                    answer.json().path("state").asText(),
                                    answer.json().path("percent").asText())));
            return 0;
        }
    }

    /** Makes the candidate the current version. */
    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Makes the candidate the current version, whatever the judge would say.")
    static final class Promote extends Decision {
        Promote() {
            super("promote");
        }
    }

    /** Ends it. */
    @Command(
            name = "abort",
            mixinStandardHelpOptions = true,
            description = "Ends the rollout: the candidate gets no new task.")
    static final class Abort extends Decision {
        Abort() {
            super("abort");
        }
    }

    /** Keeps the share from growing. */
    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Keeps the candidate's share from growing; a worse one is still rolled back.")
    static final class Pause extends Decision {
        Pause() {
            super("pause");
        }
    }

    /** Ends a pause. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Ends a pause.")
    static final class Resume extends Decision {
        Resume() {
            super("resume");
        }
    }
}
