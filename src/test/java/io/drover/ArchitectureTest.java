package io.drover;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.drover.start.Sequence;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.ControllerAdvice;

/** Dependencies point one way, as the table of packages in docs/architecture.md says. */
@Quick
class ArchitectureTest {

    private static final String ROOT = "io.drover.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.drover");

    private static final Pattern ROW = Pattern.compile("^\\| `([a-z.]+)` \\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

    @Test
    void hasNoCycles() {
        slices().matching("io.drover.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** A package that the table does not hold fails, and so does one that the table says too much of. */
    @Test
    void isAsTheTableSays() throws IOException {
        assertThat(known()).isEqualTo(table());
    }

    /** Whom each package uses; the main class, which uses any, is in none of them. */
    private static Map<String, Set<String>> known() {
        Map<String, Set<String>> known = new TreeMap<>();
        CLASSES.stream().filter(type -> type.getPackageName().startsWith(ROOT)).forEach(type -> {
            Set<String> used =
                    known.computeIfAbsent(type.getPackageName().substring(ROOT.length()), p -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getPackageName())
                    .filter(name -> name.startsWith(ROOT) && !name.equals(type.getPackageName()))
                    .forEach(name -> used.add(name.substring(ROOT.length())));
        });
        return known;
    }

    private static Map<String, Set<String>> table() throws IOException {
        String text = Files.readString(Path.of("docs/architecture.md"));
        String section = text.substring(text.indexOf("\n## Packages"), text.indexOf("\n## Who writes which table"));
        Map<String, Set<String>> table = new TreeMap<>();
        ROW.matcher(section)
                .results()
                .forEach(row -> table.put(
                        row.group(1),
                        NAME.matcher(row.group(2))
                                .results()
                                .map(MatchResult::group)
                                .map(name -> name.replace("`", ""))
                                .collect(Collectors.toCollection(TreeSet::new))));
        return table;
    }

    /** The picture shows the table; {@code -Ddrover.picture=write} draws it again. */
    @Test
    void isAsThePictureShows() throws IOException {
        Path page = Path.of("docs/architecture.md");
        String text = Files.readString(page);
        int start = text.indexOf("flowchart", text.indexOf("\n## Packages"));
        int end = text.indexOf("```", start);
        if ("write".equals(System.getProperty("drover.picture"))) {
            text = text.substring(0, start) + picture(table()) + text.substring(end);
            Files.writeString(page, text);
            end = text.indexOf("```", start);
        }
        assertThat(text.substring(start, end))
                .as("draw it again: mvn test -Dtest=ArchitectureTest -Ddrover.picture=write")
                .isEqualTo(picture(table()));
    }

    /** An arrow is left out where a longer way leads to the same package: all of them would hide each other. */
    private static String picture(Map<String, Set<String>> table) {
        StringBuilder picture = new StringBuilder("flowchart TD\n");
        table.forEach((name, known) -> {
            Set<String> indirect = new TreeSet<>();
            known.forEach(other -> reach(other, table, indirect));
            known.stream()
                    .filter(other -> !indirect.contains(other))
                    .forEach(other -> picture.append("    %s --> %s\n".formatted(name, other)));
        });
        return picture.toString();
    }

    private static void reach(String name, Map<String, Set<String>> table, Set<String> reached) {
        for (String other : table.getOrDefault(name, Set.of())) {
            if (reached.add(other)) {
                reach(other, table, reached);
            }
        }
    }

    /** {@link Order} on a class says which of several filters or error handlers is asked first. */
    @Test
    void onlySequenceOrdersTheStart() {
        noMethods().should().beAnnotatedWith(Order.class).check(CLASSES);
        classes()
                .that()
                .areAnnotatedWith(Order.class)
                .should()
                .beAssignableTo(Filter.class)
                .orShould()
                .beMetaAnnotatedWith(ControllerAdvice.class)
                .orShould()
                .beAssignableTo(SpringBootExceptionReporter.class)
                .check(CLASSES);
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> Set.of("getPhase", "getOrder").contains(method.getName()))
                        .filter(method -> method.getMethodCallsFromSelf().stream()
                                .noneMatch(call -> call.getTargetOwner().isEquivalentTo(Sequence.class)))
                        .map(JavaMethod::getFullName))
                .isEmpty();
    }

    /** A loop of its own would end with the first Error, and no metric and no health check would know it. */
    @Test
    void allPeriodicWorkRunsOnPeriodic() {
        noClasses()
                .that()
                .haveNameNotMatching(".*LeaseView.*") // its library asks for an executor; a Periodic watches it
                .and()
                .haveNameNotMatching(".*ServerHttp") // deadlines of requests: each runs once
                .and()
                .haveNameNotMatching(".*Permits") // Camel's throttler asks for an executor, to forget what is not used
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ScheduledExecutorService.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(TaskScheduler.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Timer.class)
                .check(CLASSES);
        noMethods().should().beAnnotatedWith(Scheduled.class).check(CLASSES);
    }

    @Test
    void keepsCamelAtTheSurface() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.drover.json..",
                        "io.drover.problem..",
                        "io.drover.who..",
                        "io.drover.journal..",
                        "io.drover.task..",
                        "io.drover.api..",
                        "io.drover.console..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    /** A tool's options are described as Camel's are, and the step of a tool made by code is Camel's. */
    @Test
    void keepsAllButDeclarationsOfCamelOutOfTools() {
        noClasses()
                .that()
                .resideInAPackage("io.drover.tool..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.camel..")
                        .and(not(type(UriParam.class).or(type(UriParams.class)).or(type(Processor.class)))))
                .check(CLASSES);
    }

    @Test
    void keepsTheWebInTheApi() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.drover.json..",
                        "io.drover.journal..",
                        "io.drover.task..",
                        "io.drover.tool..",
                        "io.drover.guard..",
                        "io.drover.route..",
                        "io.drover.intake..",
                        "io.drover.component..")
                .and()
                .haveSimpleNameNotStartingWith("HookMappings") // where Camel's own hooks meet Spring MVC
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.web..", "jakarta.servlet..")
                .check(CLASSES);
    }
}
