package io.drover.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.drover.route.check.EditorSchema;
import io.drover.route.check.KaotoCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.UnmatchedArgumentException;

/** Writes what editors need to complete and explain route files; it needs neither database nor Kafka. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a JSON Schema for each kind of file below routes: routes, rules, flags, rollouts, evals and tests.",
            "docs/editors.md says how an editor uses them. Files of an earlier version are replaced."
        })
final class SchemaCommand extends LocalCommand {

    @Option(
            names = "--out",
            paramLabel = "<directory>",
            defaultValue = "drover-schemas",
            description = "Where to write them. Defaults to ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--kaoto",
            paramLabel = "<directory>",
            description = {
                "Also write a catalog for Kaoto: this one with Drover's endpoints.",
                "It is the folder dist/camel-catalog of the npm package @kaoto/camel-catalog."
            })
    private @Nullable Path kaoto;

    /** @throws UnmatchedArgumentException for an argument that is no option */
    @Override
    public Integer call() {
        properties();
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines
        ObjectWriter writer = new ObjectMapper().writerWithDefaultPrettyPrinter();
        try {
            Files.createDirectories(out);
            for (EditorSchema schema : EditorSchema.all()) {
                Path file = out.resolve(schema.file());
                Files.writeString(file, writer.writeValueAsString(schema.schema()) + "\n");
                commandLine().getOut().println(file);
            }
            if (kaoto != null) {
                commandLine().getOut().println(KaotoCatalog.write(kaoto, out.resolve("kaoto")));
            }
        } catch (IllegalArgumentException e) {
            commandLine().getErr().println(e.getMessage());
            commandLine().getErr().flush();
            return 1;
        } catch (IOException e) {
            commandLine().getErr().println("%s cannot be written: %s".formatted(out, e.getMessage()));
            commandLine().getErr().flush();
            return 1;
        }
        commandLine().getOut().flush();
        return 0;
    }
}
