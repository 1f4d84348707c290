package io.drover.scaffold;

import io.drover.json.Excerpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tools of an OpenAPI 3 document: one for each operation. The document is a stranger's, and no text of it is believed. */
public final class OpenApiTools {

    private static final int MOST = 200;

    private final List<GeneratedTool> tools = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> notes = new TreeSet<>();

    private OpenApiTools() {}

    /**
     * @param file   the document, as YAML or JSON
     * @param prefix the beginning of all names, or an empty text
     * @param only   the operations, by their id or by the name of their tool; empty for all
     * @param url    of the server, or null for the first one that the document names
     * @throws RefusedFileException if nothing can be made of it
     */
    public static OpenApiTools read(Path file, String prefix, Set<String> only, @Nullable String url)
            throws RefusedFileException {
        if (!prefix.isEmpty() && !prefix.matches("[A-Za-z][A-Za-z0-9_-]{0,30}")) {
            throw new RefusedFileException(
                    "--prefix '%s' must be up to 31 letters, digits, '_' and '-', beginning with a letter, as in shop"
                            .formatted(Excerpt.of(prefix, 80)));
        }
        OpenApiDocument document = OpenApiDocument.read(file);
        String server = url == null ? document.server() : url;
        if (server == null || !OpenApiDocument.isServer(server)) {
            throw new RefusedFileException(
                    "%s; give the address of the server, without a query, as in --url https://shop.example.com/v1"
                            .formatted(
                                    server == null
                                            ? file + " names no server with a whole http address"
                                            : "--url '%s' is no plain http address".formatted(Excerpt.of(server, 80))));
        }
        String base = String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]{1,5}$", "");
        String api = prefix.isEmpty() ? Foreign.name(base.toLowerCase(Locale.ROOT), 40) : prefix;
        OpenApiTools tools = new OpenApiTools();
        tools.add(chosen(document.operations(tools.leftOut), prefix, only, file), prefix, api, server);
        if (document.hasLogin() && !tools.tools.isEmpty()) {
            tools.notes.add(
                    "%s asks for a login; add a step setHeader with {{secret:<name>}} to each tool, see docs/secrets.md"
                            .formatted(file));
        }
        return tools;
    }

    private static List<OpenApiOperation> chosen(
            List<OpenApiOperation> operations, String prefix, Set<String> only, Path file) throws RefusedFileException {
        Set<String> unknown = new TreeSet<>(only);
        List<OpenApiOperation> chosen = new ArrayList<>();
        for (OpenApiOperation operation : operations) {
            Set<String> names = Set.copyOf(List.of(operation.id(), operation.name(prefix), operation.name("")));
            if (only.isEmpty() || names.stream().anyMatch(only::contains)) {
                chosen.add(operation);
            }
            unknown.removeAll(names);
        }
        if (!unknown.isEmpty()) {
            throw new RefusedFileException("--only names %s, but %s has %s"
                    .formatted(
                            "'%s'".formatted(Excerpt.of(String.join("', '", unknown), 200)),
                            file,
                            Excerpt.of(
                                    String.join(
                                            ", ",
                                            operations.stream()
                                                    .map(one -> one.name(""))
                                                    .toList()),
                                    500)));
        }
        if (chosen.isEmpty() || chosen.size() > MOST) {
            throw new RefusedFileException(
                    chosen.isEmpty()
                            ? "%s has no operations; its paths must name some".formatted(file)
                            : "%s has %d operations, and %d may become tools in one go; choose some with --only"
                                    .formatted(file, chosen.size(), MOST));
        }
        return chosen;
    }

    private void add(List<OpenApiOperation> operations, String prefix, String api, String server) {
        Set<String> names = new HashSet<>();
        for (OpenApiOperation operation : operations) {
            String own = operation.name(prefix);
            String name = own;
            for (int i = 2; !names.add(name.toLowerCase(Locale.ROOT)); i++) {
                name = "%s_%d".formatted(own.substring(0, Math.min(own.length(), 60)), i);
            }
            try {
                ToolArguments arguments = ToolArguments.of(operation);
                String schema = arguments.schema();
                String schemaFile = schema == null ? null : "schemas/%s.json".formatted(name);
                NewFile route = new NewFile(
                        "tools/%s.camel.yaml".formatted(name),
                        new ToolFile(operation, arguments).text(name, api, server, schemaFile));
                List<NewFile> schemas =
                        schema == null || schemaFile == null ? List.of() : List.of(new NewFile(schemaFile, schema));
                tools.add(new GeneratedTool(operation.title(), route, schemas));
                notes.addAll(arguments.notes());
            } catch (LeftOutException e) {
                leftOut.add("%s is left out: %s".formatted(operation.title(), e.getMessage()));
            }
        }
    }

    List<GeneratedTool> tools() {
        return tools;
    }

    List<String> leftOut() {
        return leftOut;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
