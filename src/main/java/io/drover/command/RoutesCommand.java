package io.drover.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A command about the route files of a directory. */
abstract class RoutesCommand extends LocalCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "<directory>",
            description = "The directory of the route files. Defaults to drover.routes.directory, or else to routes.")
    private @Nullable Path directory;

    /** The directory. @throws ParameterException when there is none */
    final Path routes(Environment environment) {
        Path routes =
                directory != null ? directory : Path.of(environment.getProperty("drover.routes.directory", "routes"));
        if (!Files.isDirectory(routes)) {
            throw new ParameterException(
                    commandLine(),
                    "%s is not a directory; it must be the directory of the route files".formatted(routes));
        }
        return routes;
    }
}
