package io.drover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies point one way. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.drover");

    @Test
    void hasNoCycles() {
        slices().matching("io.drover.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void pointsOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("journal")
                .definedBy("io.drover.journal..")
                .layer("tool")
                .definedBy("io.drover.tool..")
                .layer("cache")
                .definedBy("io.drover.cache..")
                .layer("trace")
                .definedBy("io.drover.trace..")
                .layer("task")
                .definedBy("io.drover.task..")
                .layer("guard")
                .definedBy("io.drover.guard..")
                .layer("model")
                .definedBy("io.drover.model..")
                .layer("memory")
                .definedBy("io.drover.memory..")
                .layer("agent")
                .definedBy("io.drover.agent..")
                .layer("camel")
                .definedBy("io.drover.camel..")
                .layer("mcp")
                .definedBy("io.drover.mcp..")
                .layer("jobs")
                .definedBy("io.drover.jobs..")
                .layer("api")
                .definedBy("io.drover.api..")
                .layer("manage")
                .definedBy("io.drover.manage..")
                .layer("console")
                .definedBy("io.drover.console..")
                .layer("telemetry")
                .definedBy("io.drover.telemetry..")
                .whereLayer("journal")
                .mayNotAccessAnyLayer()
                .whereLayer("tool")
                .mayNotAccessAnyLayer()
                .whereLayer("cache")
                .mayNotAccessAnyLayer()
                .whereLayer("trace")
                .mayNotAccessAnyLayer()
                .whereLayer("task")
                .mayOnlyAccessLayers("journal", "tool", "trace")
                .whereLayer("guard")
                .mayOnlyAccessLayers("journal", "tool", "cache", "trace")
                .whereLayer("model")
                .mayOnlyAccessLayers("journal", "tool", "guard", "trace")
                .whereLayer("memory")
                .mayOnlyAccessLayers("journal", "tool", "guard")
                .whereLayer("agent")
                .mayOnlyAccessLayers("journal", "tool", "guard", "model", "memory", "trace")
                .whereLayer("camel")
                .mayOnlyAccessLayers("journal", "tool", "task", "guard", "model", "memory", "agent", "trace")
                .whereLayer("mcp")
                .mayOnlyAccessLayers("journal", "tool", "task", "guard", "camel", "trace")
                .whereLayer("jobs")
                .mayOnlyAccessLayers("journal", "task")
                .whereLayer("api")
                .mayOnlyAccessLayers("journal", "tool", "task", "guard", "memory", "camel")
                .whereLayer("manage")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("console")
                .mayOnlyAccessLayers("api", "journal", "tool")
                .whereLayer("console")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("telemetry")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @Test
    void keepsCamelAtTheSurface() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.drover.journal..",
                        "io.drover.task..",
                        "io.drover.tool..",
                        "io.drover.api..",
                        "io.drover.console..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    @Test
    void keepsTheWebInTheApi() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.drover.journal..",
                        "io.drover.task..",
                        "io.drover.tool..",
                        "io.drover.guard..",
                        "io.drover.camel..")
                .and()
                .haveSimpleNameNotStartingWith("HookMappings") // where Camel's own hooks meet Spring MVC
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.web..", "jakarta.servlet..")
                .check(CLASSES);
    }
}
