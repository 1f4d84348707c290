package io.drover.model;

import io.drover.journal.ClaimedTask;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class PostgresBudgets implements Budgets {

    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    private static final String TAKE =
            """
            insert into budget as b (scope, starts, used_usd) select ?, ?, ?::numeric where ?::numeric <= ?::numeric
                on conflict (scope, starts) do update set used_usd = b.used_usd + excluded.used_usd
             where b.used_usd + excluded.used_usd <= ?::numeric
            """;

    private static final String PUT_BACK = "update budget set used_usd = used_usd - ? where scope = ? and starts = ?";

    private final ModelProperties.Limits limits;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    PostgresBudgets(ModelProperties properties, JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.limits = properties.budgets();
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    private record Scope(String name, Instant starts, BigDecimal limit) {}

    private final class Taken implements Reservation {

        private final List<Scope> scopes;
        private final BigDecimal usd;

        private Taken(List<Scope> scopes, BigDecimal usd) {
            this.scopes = scopes;
            this.usd = usd;
        }

        @Override
        public void settle(BigDecimal cost) {
            BigDecimal rest = usd.subtract(cost);
            if (scopes.isEmpty() || rest.signum() == 0) {
                return;
            }
            try {
                transaction.executeWithoutResult(status -> scopes.forEach(scope -> jdbc.sql(PUT_BACK)
                        .params(rest, scope.name(), Timestamp.from(scope.starts()))
                        .update()));
            } catch (DataAccessException | TransactionException e) {
                LOG.warn(
                        "budgets {}: a call of a model cost ${} and had reserved ${}; the difference is not returned: {}",
                        scopes.stream().map(Scope::name).toList(),
                        cost.toPlainString(),
                        usd.toPlainString(),
                        e.getMessage());
            }
        }
    }

    @Override
    public Reservation reserve(ClaimedTask task, BigDecimal usd) {
        List<Scope> scopes = scopes(task);
        if (!scopes.isEmpty()) {
            transaction.executeWithoutResult(status -> scopes.forEach(scope -> take(scope, usd)));
        }
        return new Taken(scopes, usd);
    }

    private void take(Scope scope, BigDecimal usd) {
        Timestamp starts = Timestamp.from(scope.starts());
        int taken = jdbc.sql(TAKE)
                .params(scope.name(), starts, usd, usd, scope.limit(), scope.limit())
                .update();
        if (taken == 0) {
            BigDecimal used = jdbc.sql("select used_usd from budget where scope = ? and starts = ?")
                    .params(scope.name(), starts)
                    .query(BigDecimal.class)
                    .optional()
                    .orElse(BigDecimal.ZERO);
            throw new BudgetExceededException(
                    "drover.budgets.%s: $%s of $%s is spent since %s, and the next call may cost $%s"
                            .formatted(
                                    scope.name(),
                                    used.toPlainString(),
                                    scope.limit().toPlainString(),
                                    scope.starts(),
                                    usd.toPlainString()));
        }
    }

    /** Always in the same order, so that two calls never wait for each other. */
    private List<Scope> scopes(ClaimedTask task) {
        Instant now = clock.instant();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        Instant day = now.truncatedTo(ChronoUnit.DAYS);
        List<Scope> scopes = new ArrayList<>();
        if (limits.hour() != null) {
            scopes.add(new Scope("hour", hour, limits.hour()));
        }
        if (limits.day() != null) {
            scopes.add(new Scope("day", day, limits.day()));
        }
        BigDecimal ofWorkflow =
                limits.workflow() == null ? null : limits.workflow().get(task.workflow());
        if (ofWorkflow != null) {
            scopes.add(new Scope("workflow." + task.workflow(), day, ofWorkflow));
        }
        if (limits.user() != null && task.submittedBy() != null) {
            scopes.add(new Scope("user." + task.submittedBy(), day, limits.user()));
        }
        scopes.sort(Comparator.comparing(Scope::name));
        return scopes;
    }
}
