package io.drover.scaffold;

import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteReader;
import io.drover.route.check.RouteValidator;
import io.drover.tool.ToolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes new route files. It overwrites nothing, and writes nothing that {@code validate} would refuse. */
public final class Scaffold {

    private final Path routes;
    private final RouteValidator validator;

    /** @param routes the directory of the route files; it is made where it is missing */
    public Scaffold(Path routes, RouteValidator validator) {
        this.routes = routes;
        this.validator = validator;
    }

    /**
     * Writes a sample.
     *
     * @param workflow what a trigger makes tasks of, else null
     * @throws RefusedFileException if a name breaks the rule or is taken, or the workflow does not exist
     */
    public Path write(Sample sample, String name, @Nullable String workflow) throws IOException, RefusedFileException {
        checkName(sample.name().toLowerCase(Locale.ROOT), name);
        Map<String, String> names = new TreeMap<>(Map.of("NAME", name));
        if (workflow != null) {
            checkName("workflow", workflow);
            checkWorkflow(workflow);
            names.put("WORKFLOW", workflow);
        }
        NewFile file = sample.file(name, names);
        if (!sample.isRoute()) {
            checkWorkflow(name);
            if (Files.exists(routes.resolve(file.name()))) {
                throw isThere(routes.resolve(file.name()));
            }
            return write(file);
        }
        checkFree(List.of(file));
        Path staged = Files.createTempDirectory("drover-new");
        try {
            String problem = problem(staged, file);
            if (problem != null) {
                throw new RefusedFileException(problem);
            }
        } finally {
            delete(staged);
        }
        return write(file);
    }

    /**
     * Writes the tools of an OpenAPI document.
     *
     * @throws RefusedFileException if one of the files is there, or the document cannot be used
     */
    public Outcome write(OpenApiTools tools) throws IOException, RefusedFileException {
        List<String> leftOut = new ArrayList<>(tools.leftOut());
        List<NewFile> files = new ArrayList<>();
        Path staged = Files.createTempDirectory("drover-new");
        try {
            for (GeneratedTool tool : tools.tools()) {
                for (NewFile schema : tool.schemas()) {
                    put(staged, schema);
                }
                String problem = problem(staged, tool.route());
                if (problem == null) {
                    files.addAll(tool.schemas());
                    files.add(tool.route());
                } else {
                    leftOut.add("%s is left out: %s".formatted(tool.operation(), problem));
                }
            }
        } finally {
            delete(staged);
        }
        checkFree(files);
        List<Path> written = new ArrayList<>();
        for (NewFile file : files) {
            written.add(write(file));
        }
        return new Outcome(written, leftOut, tools.notes());
    }

    /**
     * What came of a document.
     *
     * @param leftOut sentences about the operations without a tool
     * @param notes   sentences about what is left to do in a file
     */
    public record Outcome(List<Path> written, List<String> leftOut, List<String> notes) {}

    private static void checkName(String kind, String name) throws RefusedFileException {
        try {
            ToolName.check("%s '%s'".formatted(kind, Foreign.line(name, 80)), name);
        } catch (IllegalArgumentException e) {
            throw new RefusedFileException(e.getMessage() + ", as in order_lookup");
        }
        if (name.indexOf('.') >= 0) {
            throw new RefusedFileException(
                    "%s '%s': names that begin with memory. or model. are reserved for Drover's own tools; choose another name"
                            .formatted(kind, name));
        }
    }

    private void checkWorkflow(String workflow) throws IOException, RefusedFileException {
        for (Path file : files()) {
            if (validator.reader().read(routes, file, null).declares().equals("task:" + workflow)) {
                return;
            }
        }
        throw new RefusedFileException("no file below %s declares the workflow '%s'; write it first: `new workflow %s`"
                .formatted(routes, workflow, workflow));
    }

    /** A route's id is its file's name, so the name must be free in every folder; some file systems know no capitals. */
    private void checkFree(List<NewFile> files) throws RefusedFileException {
        List<Path> there = files();
        for (NewFile file : files) {
            Path path = routes.resolve(file.name());
            Path taken = Files.exists(path)
                    ? path
                    : there.stream()
                            .filter(other -> RouteFile.id(other).equalsIgnoreCase(RouteFile.id(path)))
                            .findFirst()
                            .orElse(null);
            if (taken != null) {
                throw isThere(taken);
            }
        }
    }

    private static RefusedFileException isThere(Path path) {
        return new RefusedFileException(
                "%s is there already, and nothing was written; choose another name, or remove that file"
                        .formatted(path));
    }

    private List<Path> files() {
        return Files.isDirectory(routes) ? RouteReader.files(routes) : List.of();
    }

    private @Nullable String problem(Path staged, NewFile file) throws IOException {
        Path path = put(staged, file);
        return validator.problems(staged, validator.reader().read(staged, path, null)).stream()
                .map(Problem::message)
                .findFirst()
                .orElse(null);
    }

    private Path write(NewFile file) throws IOException {
        return put(routes, file);
    }

    private static Path put(Path directory, NewFile file) throws IOException {
        Path path = directory.resolve(file.name());
        Files.createDirectories(path.resolveSibling(""));
        return Files.writeString(path, file.text(), StandardOpenOption.CREATE_NEW);
    }

    private static void delete(Path staged) throws IOException {
        try (Stream<Path> paths = Files.walk(staged)) {
            for (Path path : paths.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
    }
}
