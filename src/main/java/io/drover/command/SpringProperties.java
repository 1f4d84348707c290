package io.drover.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import picocli.CommandLine.UnmatchedArgumentException;

/** The arguments of a command that are properties of the application, as in {@code --drover.worker.concurrency=4}. */
final class SpringProperties {

    /** Every property of ours and of Spring has a dot in its name, and no option of a command has one. */
    private static final Pattern PROPERTY = Pattern.compile("--[a-zA-Z][^.=]*\\.[^=]+(=.*)?", Pattern.DOTALL);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Unmatched
    private List<String> given = new ArrayList<>();

    /**
     * The properties as they were given.
     *
     * @throws UnmatchedArgumentException for an argument that is neither an option nor a property
     */
    List<String> checked() {
        List<String> unknown =
                given.stream().filter(arg -> !PROPERTY.matcher(arg).matches()).toList();
        if (!unknown.isEmpty()) {
            throw new UnmatchedArgumentException(command.commandLine(), unknown);
        }
        return given;
    }
}
