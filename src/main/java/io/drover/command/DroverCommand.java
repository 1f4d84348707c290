package io.drover.command;

import io.drover.start.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code drover.jar}. Unknown options such as {@code --x=y} are Spring's properties. */
@Command(
        name = "drover",
        mixinStandardHelpOptions = true,
        versionProvider = DroverCommand.BuildVersion.class,
        description = "Runs AI agents as Camel routes. Without a command it serves.",
        subcommands = {
            ValidateCommand.class,
            TestCommand.class,
            BacktestCommand.class,
            ExportCommand.class,
            NewCommand.class,
            SchemaCommand.class,
            RunCommand.class,
            DrainCommand.class,
            MigrateCommand.class,
            RekeyCommand.class,
            SubmitCommand.class,
            TasksCommand.class,
            TaskCommand.class,
            DeadCommand.class,
            RetryCommand.class,
            ExecuteCommand.class,
            CancelCommand.class,
            DoubtsCommand.class,
            ResolveCommand.class,
            ApprovalsCommand.class,
            VoteCommand.Approve.class,
            VoteCommand.Reject.class,
            GrantCommand.class,
            GrantsCommand.class,
            RevokeCommand.class,
            KeyCommand.class,
            CanCommand.class,
            EraseCommand.class,
            AuditCommand.class,
            SetAsideCommand.class,
            HoldCommand.class,
            ReleaseCommand.class,
            HoldsCommand.class,
            RolloutCommand.class,
            EvalsCommand.class,
            InboxCommand.class,
            EgressCommand.class,
            ToolsCommand.class,
            WorkersCommand.class,
            GenerateCompletion.class,
            HelpCommand.class
        })
public final class DroverCommand implements Runnable {

    private static final Set<String> HELP = Set.of("--help", "-h", "--version", "-V");

    /** Spring's own, whose names have no dot. */
    private static final Set<String> SWITCHES = Set.of("--debug", "--trace");

    @Spec
    private CommandSpec spec;

    /** Whether the arguments name a command other than serving; {@code serve} itself only names the default. */
    public static boolean isAskedFor(String... args) {
        return args.length > 0 && !args[0].equals("serve") && (HELP.contains(args[0]) || !args[0].startsWith("-"));
    }

    /**
     * The arguments that are Spring's when serving.
     *
     * @throws IllegalArgumentException for one that is not, and which Spring would ignore, such as a command that is not the first
     *     word
     */
    public static String[] properties(String... args) {
        List<String> properties = new ArrayList<>(List.of(args));
        properties.remove("serve");
        List<String> unknown =
                properties.stream().filter(arg -> !isProperty(arg)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "to serve, Drover takes properties only, such as --drover.role=worker, and not %s; a command is the first word (--help lists them)"
                            .formatted(unknown.stream().map("'%s'"::formatted).collect(Collectors.joining(", "))));
        }
        return properties.toArray(String[]::new);
    }

    /** A placeholder of a route may have a name without a dot, but it has a value. */
    private static boolean isProperty(String arg) {
        return SpringProperties.is(arg) || SWITCHES.contains(arg) || arg.startsWith("--") && arg.indexOf('=') > 2;
    }

    /** Runs a command and returns its exit code: 0 for success, 1 for failure, 2 for a wrong command line. */
    public static int run(String... args) {
        Integer code = runClient(args);
        return code == null ? commandLine().execute(args) : code;
    }

    /** The same for a command that asks a running instance; null if it is another. */
    public static @Nullable Integer runClient(String... args) {
        CommandLine client = ClientCommand.of(args);
        return client == null ? null : client.execute(args);
    }

    static CommandLine commandLine() {
        return Converters.on(new CommandLine(new DroverCommand()));
    }

    /** What {@code --version} prints. */
    static final class BuildVersion implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"Drover " + Version.text()};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
