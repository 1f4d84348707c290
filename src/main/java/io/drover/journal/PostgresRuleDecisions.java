package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Repository;

@Repository
class PostgresRuleDecisions implements RuleDecisions, DisposableBean {

    // A call that is tried again, and a write whose answer was lost, add nothing.
    private static final String KEEP =
            """
            insert into audit (who, action, task_id, detail)
            select 'rule:' || split_part(x.rule, '@', 1), x.word, x.task_id::uuid,
                   json_build_object('call', x.call, 'tool', x.tool, 'rule', x.rule, 'reason', x.reason, 'arguments', x.arguments)
              from (select distinct *
                      from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                           as u(task_id, call, tool, word, rule, reason, arguments)) x
             where not exists (select from audit a
                                where a.task_id = x.task_id::uuid and a.action = x.word
                                  and a.detail->>'call' = x.call and a.detail->>'rule' = x.rule)
            """;

    private final GroupCommit<Decision, Void> decisions;

    PostgresRuleDecisions(DataSource dataSource, List<CommitListener> listeners) {
        this.decisions = new GroupCommit<>(
                "rule",
                dataSource,
                PostgresRuleDecisions::write,
                decision -> decision.reason().length(),
                new Listeners<>(listeners));
    }

    @Override
    public CompletableFuture<Void> keep(Decision decision) {
        return decisions.add(decision);
    }

    private static List<Void> write(Connection connection, List<Decision> all) throws SQLException {
        try (PreparedStatement keep = connection.prepareStatement(KEEP)) {
            // the same twice would be two: what is sealed never looks the same
            new Columns<>(connection, keep, all.stream().distinct().toList())
                    .text(Decision::task)
                    .text(Decision::call)
                    .text(Decision::tool)
                    .text(Decision::word)
                    .text(Decision::rule)
                    .sealedText(SealedColumn.AUDIT_DETAIL, Decision::task, Decision::reason)
                    .text(Decision::arguments);
            keep.executeUpdate();
        }
        return Collections.nCopies(all.size(), null);
    }

    @Override
    public void destroy() {
        decisions.close();
    }
}
