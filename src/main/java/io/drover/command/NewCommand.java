package io.drover.command;

import io.drover.route.check.RouteValidator;
import io.drover.scaffold.OpenApiTools;
import io.drover.scaffold.RefusedFileException;
import io.drover.scaffold.Sample;
import io.drover.scaffold.Scaffold;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes new route files; it needs neither database nor Kafka. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = "Writes new route files and test files, and overwrites none.",
        subcommands = {
            NewCommand.Tool.class,
            NewCommand.Workflow.class,
            NewCommand.Trigger.class,
            NewCommand.Agent.class,
            NewCommand.Test.class,
            NewCommand.Tools.class
        })
final class NewCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "new needs one of tool, workflow, trigger, agent, test and tools");
    }

    /** Writes files into a directory of routes. */
    abstract static class Writing extends LocalCommand {

        @Option(
                names = "--routes",
                paramLabel = "<directory>",
                description =
                        "The directory of the route files. Defaults to drover.routes.directory, or else to routes.")
        private @Nullable Path directory;

        abstract int write(Scaffold scaffold) throws IOException, RefusedFileException;

        @Override
        public final Integer call() {
            LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines
            ConfigurableEnvironment environment = environment();
            Path routes = directory != null
                    ? directory
                    : Path.of(environment.getProperty("drover.routes.directory", "routes"));
            try {
                return write(new Scaffold(routes, RouteValidator.standalone(environment)));
            } catch (RefusedFileException | RefusedToStartException e) {
                complain(e.getMessage());
            } catch (IOException e) {
                complain("%s cannot be written: %s".formatted(routes, e.getMessage()));
            }
            return 1;
        }

        final void say(Object line) {
            commandLine().getOut().println(line);
            commandLine().getOut().flush();
        }

        final void complain(@Nullable String line) {
            commandLine().getErr().println(line);
            commandLine().getErr().flush();
        }
    }

    /** Writes one sample. */
    abstract static class OfSample extends Writing {

        @Parameters(
                index = "0",
                paramLabel = "<name>",
                description = "Letters, digits, '_' and '-', as in order_lookup.")
        private String name;

        private final Sample sample;

        OfSample(Sample sample) {
            this.sample = sample;
        }

        @Nullable
        String workflow() {
            return null;
        }

        @Override
        final int write(Scaffold scaffold) throws IOException, RefusedFileException {
            say(scaffold.write(sample, name, workflow()));
            return 0;
        }
    }

    /** A tool. */
    @Command(
            name = "tool",
            mixinStandardHelpOptions = true,
            description = "Writes a tool that sends an HTTP request, with comments.")
    static final class Tool extends OfSample {
        Tool() {
            super(Sample.TOOL);
        }
    }

    /** A workflow. */
    @Command(name = "workflow", mixinStandardHelpOptions = true, description = "Writes a workflow, with comments.")
    static final class Workflow extends OfSample {
        Workflow() {
            super(Sample.WORKFLOW);
        }
    }

    /** A trigger. */
    @Command(
            name = "trigger",
            mixinStandardHelpOptions = true,
            description = "Writes a trigger that makes tasks of Kafka's records, with comments.")
    static final class Trigger extends OfSample {

        @Option(
                names = "--workflow",
                required = true,
                paramLabel = "<name>",
                description = "What it makes tasks of; its file must be there.")
        private String workflow;

        Trigger() {
            super(Sample.TRIGGER);
        }

        @Override
        String workflow() {
            return workflow;
        }
    }

    /** A workflow whose step is an agent. */
    @Command(
            name = "agent",
            mixinStandardHelpOptions = true,
            description = "Writes a workflow whose step is an agent, with comments.")
    static final class Agent extends OfSample {
        Agent() {
            super(Sample.AGENT);
        }
    }

    /** Cases of a workflow. */
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Writes a test file for the workflow of this name, with comments.")
    static final class Test extends OfSample {
        Test() {
            super(Sample.TEST);
        }
    }

    /** The tools of a document. */
    @Command(
            name = "tools",
            mixinStandardHelpOptions = true,
            description = {
                "Writes a tool for each operation of an OpenAPI 3 document.",
                "It ends with 1 if an operation was left out, and says why."
            })
    static final class Tools extends Writing {

        @Option(
                names = "--openapi",
                required = true,
                paramLabel = "<file>",
                description = "The document, as YAML or JSON.")
        private Path document;

        @Option(
                names = "--prefix",
                defaultValue = "",
                description = "The beginning of all names, the tag of the tools, and the beginning of <prefix>.url.")
        private String prefix;

        @Option(
                names = "--only",
                split = ",",
                paramLabel = "<operation>",
                description = "Only these operations, by their id or the name of their tool; several with commas.")
        private @Nullable List<String> only;

        @Option(
                names = "--url",
                description = "The address of the server. Defaults to the first whole one in the document.")
        private @Nullable String url;

        @Override
        int write(Scaffold scaffold) throws IOException, RefusedFileException {
            Set<String> chosen = only == null ? Set.of() : new LinkedHashSet<>(only);
            Scaffold.Outcome outcome = scaffold.write(OpenApiTools.read(document, prefix, chosen, url));
            outcome.written().forEach(this::say);
            outcome.notes().forEach(this::complain);
            outcome.leftOut().forEach(this::complain);
            return outcome.leftOut().isEmpty() ? 0 : 1;
        }
    }
}
