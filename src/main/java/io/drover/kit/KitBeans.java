package io.drover.kit;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.audit.ProcessChanges;
import io.drover.cache.ResultCache;
import io.drover.guard.AwaitedTools;
import io.drover.hold.Holds;
import io.drover.journal.AgentDefinitions;
import io.drover.journal.ApprovalRequests;
import io.drover.journal.Approvals;
import io.drover.journal.ChildCalls;
import io.drover.journal.Executions;
import io.drover.journal.Fleet;
import io.drover.journal.Journal;
import io.drover.journal.JournalProperties;
import io.drover.journal.KeptPreviews;
import io.drover.journal.PendingCalls;
import io.drover.journal.Recovery;
import io.drover.journal.RuleDecisions;
import io.drover.journal.Signals;
import io.drover.journal.StandingGrants;
import io.drover.journal.TaskQueue;
import io.drover.journal.memory.MemoryPorts;
import io.drover.journal.memory.OneWorker;
import io.drover.memory.FactStore;
import io.drover.model.Budgets;
import io.drover.rollout.RolloutsInForce;
import io.opentelemetry.api.OpenTelemetry;
import java.math.BigDecimal;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.stereotype.Repository;

/**
 * The application without a database, without triggers and without a worker. It is no configuration of the application itself, which
 * would find it otherwise.
 */
@ComponentScan(
        basePackages = {
            "io.drover.agent",
            "io.drover.component",
            "io.drover.datasource",
            "io.drover.egress",
            "io.drover.eval",
            "io.drover.flag",
            "io.drover.guard",
            "io.drover.hold",
            "io.drover.model",
            "io.drover.route",
            "io.drover.rules",
            "io.drover.secret",
            "io.drover.trace"
        },
        excludeFilters = {
            @Filter(type = FilterType.ANNOTATION, classes = Repository.class),
            @Filter(type = FilterType.REGEX, pattern = "io\\.drover\\.model\\.PostgresBudgets"),
            @Filter(type = FilterType.REGEX, pattern = KitBeans.OF_TESTS)
        })
@ComponentScan(
        basePackages = {"io.drover.task"},
        useDefaultFilters = false,
        includeFilters =
                @Filter(
                        type = FilterType.REGEX,
                        pattern =
                                "io\\.drover\\.task\\.(AttemptRunner|HeldTasks|OutcomeSignals|Signals|TaskService|WorkflowRegistry)"))
@ComponentScan(
        basePackages = "io.drover.memory",
        useDefaultFilters = false,
        includeFilters = @Filter(type = FilterType.REGEX, pattern = "io\\.drover\\.memory\\.MemoryTools"))
@ConfigurationPropertiesScan(
        basePackages = {
            "io.drover.datasource",
            "io.drover.egress",
            "io.drover.flag",
            "io.drover.guard",
            "io.drover.model",
            "io.drover.route",
            "io.drover.secret",
            "io.drover.task"
        })
@EnableConfigurationProperties(JournalProperties.class)
@ImportAutoConfiguration({PropertyPlaceholderAutoConfiguration.class, CamelAutoConfiguration.class})
final class KitBeans {

    /** Beans that stand in JUnit's classes are theirs, as Spring Boot's own scan has it. */
    static final String OF_TESTS = ".*Test(Base)?\\$.*";

    /** What the case on the stage has. */
    static final class Current {

        private volatile Stage stage;

        @SuppressWarnings("NullAway.Init") // before the first case, nothing asks
        Current() {}

        Stage stage() {
            return stage;
        }

        void is(Stage next) {
            stage = next;
        }
    }

    @Bean
    Current current() {
        return new Current();
    }

    @Bean
    KitClock clock() {
        return new KitClock();
    }

    @Bean
    OtherSides otherSides(
            Current current,
            KitClock clock,
            @Value("${drover.kit.run:}") Set<String> run,
            @Value("${drover.kit.live-models:false}") boolean models,
            @Value("${drover.kit.live-reads:false}") boolean reads) {
        return new OtherSides(current::stage, clock, run, new Live(models, reads));
    }

    @Bean(StandInComponent.SCHEME)
    StandInComponent standIn(Current current) {
        return new StandInComponent(current::stage);
    }

    @Bean
    FactStore memory(Current current) {
        return new KitMemory(current::stage);
    }

    @Bean
    ResultCache cache(Current current) {
        return new KitCache(current::stage);
    }

    @Bean
    TaskQueue queue(Current current) {
        return MemoryPorts.queue(() -> current.stage().journal);
    }

    @Bean
    Journal journal(Current current) {
        return MemoryPorts.journal(() -> current.stage().journal);
    }

    @Bean
    PendingCalls pendingCalls(Current current) {
        return MemoryPorts.pendingCalls(() -> current.stage().journal);
    }

    @Bean
    ChildCalls childCalls(Current current) {
        return MemoryPorts.childCalls(() -> current.stage().journal);
    }

    @Bean("storedSignals")
    Signals signals(Current current) {
        return MemoryPorts.signals(() -> current.stage().journal);
    }

    @Bean
    ApprovalRequests approvalRequests(Current current) {
        return MemoryPorts.approvalRequests(() -> current.stage().journal);
    }

    @Bean
    Approvals approvals(Current current) {
        return MemoryPorts.approvals(() -> current.stage().journal);
    }

    @Bean
    AgentDefinitions agentDefinitions() {
        return MemoryPorts.agentDefinitions();
    }

    /** Tools of other MCP servers are not there, and none is about to come. */
    @Bean
    AwaitedTools awaitedTools() {
        return tool -> null;
    }

    @Bean
    RuleDecisions ruleDecisions() {
        return decision -> CompletableFuture.completedFuture(null);
    }

    @Bean
    KeptPreviews keptPreviews() {
        return MemoryPorts.noPreviews();
    }

    @Bean
    Recovery recovery() {
        return MemoryPorts.neverBack();
    }

    @Bean
    Fleet fleet() {
        return new OneWorker();
    }

    @Bean
    Executions executions() {
        return new NoPlans();
    }

    @Bean
    StandingGrants standingGrants() {
        return new NoGrants();
    }

    @Bean
    Holds holds() {
        return new NoHolds();
    }

    @Bean
    ProcessChanges processChanges() {
        return new NoAudit();
    }

    @Bean
    RolloutsInForce rollouts() {
        return RolloutsInForce.untried();
    }

    /** The budgets of hours and days are about all tasks, and so about no case. */
    @Bean
    Budgets budgets() {
        return (task, usd) -> (BigDecimal cost) -> {};
    }

    /** Steps that run may name it; it connects to nothing. */
    @Bean
    DataSource noDatabase() {
        HikariDataSource none = new HikariDataSource();
        none.setJdbcUrl("jdbc:none:a-test-has-no-database");
        none.setInitializationFailTimeout(-1);
        return none;
    }

    @Bean
    OpenTelemetry telemetry() {
        return OpenTelemetry.noop();
    }
}
