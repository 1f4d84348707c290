package io.drover.command;

import io.drover.start.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.convert.DurationStyle;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@code drover.jar}. Unknown options such as {@code --x=y} are Spring's properties. */
@Command(
        name = "drover",
        mixinStandardHelpOptions = true,
        versionProvider = DroverCommand.BuildVersion.class,
        description = "Runs AI agents as Camel routes. Without a command it serves.",
        subcommands = {
            ValidateCommand.class,
            RunCommand.class,
            DrainCommand.class,
            MigrateCommand.class,
            SubmitCommand.class,
            TasksCommand.class,
            TaskCommand.class,
            DeadCommand.class,
            RetryCommand.class,
            CancelCommand.class,
            DoubtsCommand.class,
            ResolveCommand.class,
            AuditCommand.class,
            SetAsideCommand.class,
            HoldCommand.class,
            ReleaseCommand.class,
            HoldsCommand.class,
            ToolsCommand.class,
            WorkersCommand.class,
            GenerateCompletion.class
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
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        return new CommandLine(new DroverCommand()).registerConverter(Duration.class, DroverCommand::duration);
    }

    private static Duration duration(String text) {
        Duration duration;
        try {
            duration = DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'%s' is not a duration, as in 30s or 10m".formatted(text));
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new TypeConversionException("'%s' must be longer than 0, as in 30s or 10m".formatted(text));
        }
        return duration;
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
