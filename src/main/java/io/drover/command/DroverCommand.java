package io.drover.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code drover.jar}. Unknown options such as {@code --x=y} are Spring's properties. */
@Command(
        name = "drover",
        mixinStandardHelpOptions = true,
        version = "Drover ${bundle-version:-0.1.0}",
        description = "Runs AI agents as Camel routes. Without a command it serves.",
        subcommands = {
            ValidateCommand.class,
            RunCommand.class,
            DrainCommand.class,
            MigrateCommand.class,
            TasksCommand.class,
            TaskCommand.class,
            DeadCommand.class,
            RetryCommand.class,
            CancelCommand.class,
            DoubtsCommand.class,
            SetAsideCommand.class,
            ToolsCommand.class,
            WorkersCommand.class
        })
public final class DroverCommand implements Runnable {

    private static final Set<String> HELP = Set.of("--help", "-h", "--version", "-V");

    @Spec
    private CommandSpec spec;

    /** Whether the arguments name a command other than serving; {@code serve} itself only names the default. */
    public static boolean isAskedFor(String... args) {
        return args.length > 0 && !args[0].equals("serve") && (HELP.contains(args[0]) || !args[0].startsWith("-"));
    }

    /** The arguments that are Spring's when serving. */
    public static String[] properties(String... args) {
        List<String> properties = new ArrayList<>(List.of(args));
        properties.remove("serve");
        return properties.toArray(String[]::new);
    }

    /** Runs a command and returns its exit code: 0 for success, 1 for failure, 2 for a wrong command line. */
    public static int run(String... args) {
        return new CommandLine(new DroverCommand())
                .registerConverter(Duration.class, DurationStyle::detectAndParse)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
