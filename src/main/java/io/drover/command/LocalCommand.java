package io.drover.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command that does its work in this process. What is no option of it is a property of Spring, as in {@code --x.y=z}. */
abstract class LocalCommand implements Callable<Integer> {

    @Unmatched
    private List<String> unmatched = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    final CommandLine commandLine() {
        return spec.commandLine();
    }

    /** @throws UnmatchedArgumentException for an argument that is neither an option nor a property */
    final List<String> properties() {
        return SpringProperties.checked(unmatched, commandLine());
    }

    /** What the process would see if it were started here. @throws UnmatchedArgumentException as above */
    final ConfigurableEnvironment environment() {
        return SpringProperties.environment(properties());
    }
}
