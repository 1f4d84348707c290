package io.drover.command;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** The arguments of a command that are properties of the application, as in {@code --drover.worker.concurrency=4}. */
final class SpringProperties {

    /** Every property of ours and of Spring has a dot in its name, and no option of a command has one. */
    private static final Pattern PROPERTY = Pattern.compile("--[a-zA-Z][^.=]*\\.[^=]+(=.*)?", Pattern.DOTALL);

    private SpringProperties() {}

    static boolean is(String arg) {
        return PROPERTY.matcher(arg).matches();
    }

    /**
     * The arguments that are no options of the command, if they are properties.
     *
     * @throws UnmatchedArgumentException for an argument that is neither
     */
    static List<String> checked(List<String> unmatched, CommandLine command) {
        List<String> unknown = unmatched.stream().filter(arg -> !is(arg)).toList();
        if (!unknown.isEmpty()) {
            throw new UnmatchedArgumentException(command, unknown);
        }
        return unmatched;
    }

    /** What the process would see if it were started here, with these properties. */
    static ConfigurableEnvironment environment(List<String> given) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(given.toArray(String[]::new)));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        ConfigurationPropertySources.attach(environment);
        return environment;
    }
}
