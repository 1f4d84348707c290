package io.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.guard.ToolSettings;
import io.drover.model.ModelSettings;
import io.drover.tool.ToolOptions;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages say what the code does. */
@Quick
class DocumentationTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern ANCHOR = Pattern.compile("]\\(([^)#:]*)#([^)]+)\\)");
    private static final Pattern PROPERTY = Pattern.compile("`(drover\\.[a-z.-]+[a-z])`");
    /** What holds settings by a name of the user's own. */
    private static final Set<String> OPEN = Set.of(
            "drover.datasources", "drover.tools", "drover.workflows", "drover.models", "drover.budgets", "drover.mcp");

    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>\\s*<groupId>[^<]+</groupId>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.toAbsolutePath().resolveSibling(link.group(1)))) {
                    broken.add(page + " -> " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyLinkLeadsToAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = ANCHOR.matcher(Files.readString(page));
            while (link.find()) {
                Path target =
                        link.group(1).isEmpty() ? page : page.toAbsolutePath().resolveSibling(link.group(1));
                if (!Prose.anchors(target).contains(link.group(2))) {
                    broken.add(page + " -> " + link.group(1) + "#" + link.group(2));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyLineIsShortAndHoldsOneSentence() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path page : pages()) {
            Prose.lines(page).stream()
                    .filter(line -> line.length() > 120 || line.sentences() > 1)
                    .forEach(line -> wrong.add("%s:%d has %d characters and %d sentences"
                            .formatted(page, line.number(), line.length(), line.sentences())));
        }
        assertThat(wrong).isEmpty();
        assertThat(new Prose.Line(1, "- **It holds.** One, e.g. `A. B` (see x). Two.").sentences())
                .isEqualTo(2);
    }

    @Test
    void theConfigurationPageNamesEveryPropertyAndNoOther() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));
        JsonNode metadata = new ObjectMapper()
                .readTree(Path.of("target/classes/META-INF/spring-configuration-metadata.json")
                        .toFile());
        Set<String> known = new TreeSet<>(Set.of(
                "drover.role",
                "drover.log.format",
                "drover.canary.file",
                "drover.canary.percent",
                "drover.canary.trial",
                "drover.migrate",
                "drover.worker.track",
                "drover.console.trace-url"));
        metadata.path("properties").forEach(property -> {
            String name = property.path("name").asText();
            if (name.startsWith("drover.") && !OPEN.contains(name)) {
                known.add(name);
            }
        });
        assertThat(all(PROPERTY, page)).isEqualTo(known);
    }

    @Test
    void theConfigurationPageNamesEverySettingOfATool() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));
        Stream.of(ToolOptions.class, ToolSettings.class)
                .flatMap(holder -> Stream.of(holder.getDeclaredMethods()))
                .map(Method::getName)
                .filter(name -> name.startsWith("set"))
                .map(name -> kebab(name.substring("set".length())).substring(1))
                .forEach(name -> assertThat(page).contains(name.equals("breaker") ? "`breaker." : "`" + name + "`"));
        for (RecordComponent setting : ToolSettings.Breaker.class.getRecordComponents()) {
            assertThat(page).contains("`breaker." + kebab(setting.getName()) + "`");
        }
    }

    @Test
    void theConfigurationPageNamesEverySettingOfAModel() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));
        for (RecordComponent setting : ModelSettings.class.getRecordComponents()) {
            String name = kebab(setting.getName());
            assertThat(page)
                    .contains(name.equals("price") ? "`price.in`, `price.cached`, `price.out`" : "`" + name + "`");
        }
    }

    @Test
    void theConfigurationPageNamesEverySettingOfAnMcpServer() throws Exception {
        String page = Files.readString(Path.of("docs/configuration.md"));
        for (RecordComponent setting :
                Class.forName("io.drover.mcp.ServerSettings").getRecordComponents()) {
            assertThat(page).contains("`" + kebab(setting.getName()) + "`");
        }
    }

    @Test
    void theConfigurationPageNamesEverySettingOfADataSource() throws Exception {
        String page = Files.readString(Path.of("docs/configuration.md"));
        for (RecordComponent setting :
                Class.forName("io.drover.datasource.DataSourceSettings").getRecordComponents()) {
            assertThat(page).contains("`" + kebab(setting.getName()) + "`");
        }
    }

    @Test
    void everyDependencyIsArguedFor() throws IOException {
        String page = Files.readString(Path.of("docs/dependencies.md"));
        String pom = Files.readString(Path.of("pom.xml"));
        Set<String> dependencies = all(DEPENDENCY, pom.substring(pom.indexOf("</dependencyManagement>")));
        assertThat(dependencies).hasSizeGreaterThan(20).allSatisfy(artifact -> assertThat(page)
                .contains("`" + artifact + "`"));
    }

    @Test
    void everyReleaseInTheChangelogHasADateAndACommit() throws IOException {
        String changelog = Files.readString(Path.of("CHANGELOG.md"));
        Matcher version = Pattern.compile("<artifactId>drover</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(withoutCommit(changelog, version.group(1))).isEmpty();
        String unreleased = "# Changelog\n\n## Unreleased\n- Something.\n";
        assertThat(withoutCommit(unreleased + "\n## 9.9.9\n- Something.\n", "")).containsExactly("9.9.9");
        String release = unreleased + "\n## 9.9.9 - 2027-01-31\n- Something.\n";
        assertThat(withoutCommit(release, "")).containsExactly("9.9.9 - 2027-01-31");
        assertThat(withoutCommit(release, "9.9.9"))
                .as("the commit of the release itself cannot name itself")
                .isEmpty();
        assertThat(withoutCommit(release + "\nCommit: " + "ab".repeat(20) + "\n", ""))
                .isEmpty();
    }

    private static List<String> withoutCommit(String changelog, String current) {
        return Pattern.compile("(?m)^## ")
                .splitAsStream(changelog)
                .skip(1)
                .filter(section -> !section.startsWith("Unreleased") && !section.startsWith(current + " - "))
                .filter(section -> !Pattern.compile(
                                "\\A\\d+\\.\\d+\\.\\d+ - \\d{4}-\\d{2}-\\d{2}\\n.*\\nCommit: [0-9a-f]{40}\\s*\\z",
                                Pattern.DOTALL)
                        .matcher(section)
                        .matches())
                .map(section -> section.lines().findFirst().orElse(""))
                .toList();
    }

    @Test
    void everyTestThatThePagesNameExists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            Matcher named = TEST.matcher(Files.readString(page));
            while (named.find()) {
                if (!exists(named.group(1), named.group(2))) {
                    missing.add(page + ": " + named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean exists(String test, String method) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            Path file = files.filter(path -> path.getFileName().toString().equals(test + ".java"))
                    .findFirst()
                    .orElse(null);
            return file != null && (method == null || Files.readString(file).contains("void " + method + "("));
        }
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase();
    }

    private static List<Path> pages() throws IOException {
        return Prose.pages();
    }
}
