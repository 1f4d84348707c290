package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.RefusedException;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.kit.Backtest;
import io.drover.kit.PastTask;
import io.drover.kit.RouteTests.UnusableRoutesException;
import io.drover.start.RefusedToStartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Runs route files over the tasks of a running instance, before they are deployed. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = {
            "Runs route files over tasks that have completed in a running instance, and says in what they differ.",
            "The files hear what those tasks heard; no tool and no model is called (docs/rollouts.md#backtest)."
        })
final class BacktestCommand extends RemoteCommand {

    private static final int PAGE = 200;

    @Parameters(paramLabel = "<directory>", description = "The directory of the route files to be tried.")
    private Path routes;

    @Option(names = "--workflow", required = true, paramLabel = "<workflow>", description = "Whose tasks.")
    private String workflow;

    @Option(
            names = "--workflow-version",
            paramLabel = "<version>",
            description = "The version that is tried; else the current one.")
    private @Nullable Integer version;

    @Option(
            names = "--since",
            defaultValue = "7d",
            paramLabel = "<time>",
            description = "Tasks that are not older. Defaults to ${DEFAULT-VALUE}.")
    private Duration since;

    @Option(
            names = "--sample",
            defaultValue = "200",
            paramLabel = "<number>",
            description =
                    "The maximum number of tasks; which of them is the same each time. Defaults to ${DEFAULT-VALUE}.")
    private int sample;

    @Unmatched
    private List<String> unmatched = new ArrayList<>();

    @Override
    int run(Api api) throws RefusedException {
        List<String> properties = SpringProperties.checked(unmatched, command());
        if (!Files.isDirectory(routes)) {
            throw wrong("%s is not a directory; it must be the directory of the route files".formatted(routes));
        }
        if (sample < 1) {
            throw wrong("--sample (%d) must be at least 1".formatted(sample));
        }
        List<PastTask> tasks = tasks(api);
        if (tasks.isEmpty()) {
            complain("no task of %s has completed since %s"
                    .formatted(workflow, Instant.now().minus(since)));
            return 1;
        }
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines in the report
        try {
            Backtest.Report report = Backtest.run(routes, properties, tasks, version);
            print(report);
            return report.isSame() ? 0 : 1;
        } catch (UnusableRoutesException e) {
            e.problems().forEach(problem -> complain(routes.resolve(problem).toString()));
        } catch (RefusedToStartException e) {
            complain(String.valueOf(e.getMessage()));
        }
        return 1;
    }

    private List<PastTask> tasks(Api api) throws RefusedException {
        List<PastTask> tasks = new ArrayList<>();
        for (String id : ids(api)) {
            try {
                tasks.add(PastTask.read(api.get("/api/tasks/" + id, Map.of()).json()));
            } catch (PastTask.UnreadableException e) {
                throw new RefusedException(String.valueOf(e.getMessage()));
            }
        }
        return tasks;
    }

    /** The newest come first. Which of them are taken is decided by a digest of their ids. */
    private List<String> ids(Api api) throws RefusedException {
        Instant oldest = Instant.now().minus(since);
        List<String> ids = new ArrayList<>();
        String cursor = null;
        boolean more = true;
        while (more) {
            Map<String, Object> query =
                    new HashMap<>(Map.of("workflow", workflow, "status", "COMPLETED", "mode", "live", "limit", PAGE));
            if (cursor != null) {
                query.put("cursor", cursor);
            }
            JsonNode page = api.get("/api/tasks", query).json();
            for (JsonNode task : page.path("tasks")) {
                more = !Instant.parse(task.path("createdAt").asText()).isBefore(oldest);
                if (more) {
                    ids.add(task.path("id").asText());
                }
            }
            cursor = page.path("next").textValue();
            more = more && cursor != null;
        }
        return ids.stream()
                .sorted(Comparator.comparing(id -> Digest.uuid("backtest", id)))
                .limit(sample)
                .toList();
    }

    private void print(Backtest.Report report) {
        if (isJson()) {
            out().println(Json.write(Json.tree(report)));
            return;
        }
        say("%d tasks of %s compared; their models cost $%s, and $%s with these files"
                .formatted(
                        report.compared(),
                        workflow,
                        report.pastUsd().toPlainString(),
                        report.newUsd().toPlainString()));
        Table table = new Table("DIFFERENCE", "TOOL", "TASKS", "TASK", "REASON");
        for (Backtest.Group group : report.groups()) {
            table.row(
                    text(group.difference().text()),
                    text(group.tool()),
                    text(Integer.toString(group.tasks())),
                    text(group.task().toString()),
                    text(group.reason()));
        }
        table.print(out());
    }

    private static JsonNode text(@Nullable String value) {
        return Json.tree(value);
    }
}
