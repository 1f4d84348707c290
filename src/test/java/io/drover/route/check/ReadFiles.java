package io.drover.route.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The route files of a directory, as a running process has read them. */
final class ReadFiles {

    private ReadFiles() {}

    static List<RouteFile> of(Path directory, RouteValidator validator) {
        return RouteReader.files(directory).stream()
                .map(path -> {
                    try {
                        return validator.reader().read(directory, path, null);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
