package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Repository;

@Repository
class PostgresApprovalRequests implements ApprovalRequests, DisposableBean {

    // What is asked now is something else, or was approved too long ago.
    private static final String CLOSE =
            """
            update approval a
               set state = 'CLOSED'
              from unnest(?::text[], ?::text[], ?::text[], ?::bigint[]) as x(task_id, address, arguments_digest, definition)
             where a.task_id = x.task_id::uuid and a.address = x.address::uuid and a.state in ('OPEN', 'APPROVED')
               and (a.arguments_digest <> x.arguments_digest::uuid or a.definition <> x.definition or a.use_by <= now())
            """;

    // A call about which was decided meanwhile is not pending any more, and is not asked about again.
    private static final String INSERT =
            """
            insert into approval (task_id, address, tool, arguments_digest, definition, summary, need, approvers,
                                  decide_by, use_within_ms)
            select c.task_id, c.address, x.tool, x.arguments_digest::uuid, x.definition, x.summary, x.need,
                   string_to_array(x.approvers, E'\n'),
                   coalesce(now() + x.decide_ms::bigint * interval '1 millisecond', 'infinity'), x.use_ms::bigint
              from unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::int[],
                          ?::text[], ?::text[], ?::text[])
                   as x(task_id, address, token, tool, arguments_digest, definition, summary, need, approvers,
                        decide_ms, use_ms)
              join task t on t.id = x.task_id::uuid and t.token = x.token and t.status = 'RUNNING'
              join call c on c.task_id = t.id and c.address = x.address::uuid and c.state = 'PENDING'
                on conflict do nothing
            """;

    private static final String ALIVE =
            """
            select a.task_id, a.address, a.id
              from unnest(?::text[], ?::text[]) as x(task_id, address)
              join approval a on a.task_id = x.task_id::uuid and a.address = x.address::uuid
                             and a.state in ('OPEN', 'APPROVED')
            """;

    // Those of a request that was there before are there, too.
    private static final String NOTIFY_LATER =
            """
            insert into approval_notice (approval_id, occasion, tool, due_at)
            select a.id, x.occasion, x.tool, a.asked_at + x.after_ms::bigint * interval '1 millisecond'
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   as x(task_id, address, occasion, tool, after_ms)
              join approval a on a.task_id = x.task_id::uuid and a.address = x.address::uuid and a.state = 'OPEN'
                             and a.asked_at = now()
                on conflict do nothing
            """;

    private record Told(CallRecord call, ApprovalRequest.Notice notice) {}

    private record Address(UUID task, UUID address) {

        static Address of(CallRecord call) {
            return new Address(call.taskId(), call.address());
        }
    }

    private final GroupCommit<ApprovalRequest, @Nullable Long> asked;

    PostgresApprovalRequests(DataSource dataSource, List<CommitListener> listeners) {
        this.asked = new GroupCommit<>(
                "approval",
                dataSource,
                (connection, requests) -> InTransaction.run(connection, transaction -> write(transaction, requests)),
                ApprovalRequest::length,
                new Listeners<>(listeners));
    }

    @Override
    public CompletableFuture<@Nullable Long> ask(ApprovalRequest request) {
        return asked.add(request);
    }

    /** The call and the request are stored, or neither. */
    private static List<@Nullable Long> write(Connection connection, List<ApprovalRequest> requests)
            throws SQLException {
        List<CallStatement.Write> calls = requests.stream()
                .filter(request -> !request.isPending())
                .map(request -> new CallStatement.Write(request.call(), null))
                .toList();
        Iterator<Journal.Begin> written = CallStatement.write(connection, calls).iterator();
        List<Boolean> recorded = requests.stream()
                .map(request -> request.isPending() || written.next() instanceof Journal.Begin.Begun)
                .toList();
        close(connection, requests);
        insert(connection, requests);
        notifyLater(connection, requests);
        Map<Address, Long> alive = alive(connection, requests);
        List<@Nullable Long> answers = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Long id = alive.getOrDefault(Address.of(requests.get(i).call()), DECIDED);
            answers.add(recorded.get(i) ? id : null);
        }
        return answers;
    }

    private static void close(Connection connection, List<ApprovalRequest> requests) throws SQLException {
        try (PreparedStatement close = connection.prepareStatement(CLOSE)) {
            new Columns<>(connection, close, requests)
                    .text(request -> request.call().taskId())
                    .text(request -> request.call().address())
                    .text(request -> request.grant().arguments())
                    .bigint(request -> request.grant().definition());
            close.executeUpdate();
        }
    }

    private static void insert(Connection connection, List<ApprovalRequest> requests) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns<>(connection, insert, requests)
                    .text(request -> request.call().taskId())
                    .text(request -> request.call().address())
                    .bigint(request -> request.call().token())
                    .text(request -> request.call().tool())
                    .text(request -> request.grant().arguments())
                    .bigint(request -> request.grant().definition())
                    .sealedText(
                            SealedColumn.APPROVAL_SUMMARY,
                            request -> request.call().taskId(),
                            ApprovalRequest::summary)
                    .integer(ApprovalRequest::need)
                    .text(request -> request.approvers().isEmpty() ? null : String.join("\n", request.approvers()))
                    .text(request -> ApprovalRequest.millis(request.decideWithin()))
                    .text(request -> ApprovalRequest.millis(request.useWithin()));
            insert.executeUpdate();
        }
    }

    private static void notifyLater(Connection connection, List<ApprovalRequest> requests) throws SQLException {
        List<Told> told = requests.stream()
                .flatMap(request -> request.notices().stream().map(notice -> new Told(request.call(), notice)))
                .toList();
        if (told.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(NOTIFY_LATER)) {
            new Columns<>(connection, insert, told)
                    .text(one -> one.call().taskId())
                    .text(one -> one.call().address())
                    .text(one -> one.notice().occasion())
                    .text(one -> one.notice().tool())
                    .text(one -> ApprovalRequest.millis(one.notice().after()));
            insert.executeUpdate();
        }
    }

    private static Map<Address, Long> alive(Connection connection, List<ApprovalRequest> requests) throws SQLException {
        Map<Address, Long> alive = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(ALIVE)) {
            new Columns<>(connection, select, requests)
                    .text(request -> request.call().taskId())
                    .text(request -> request.call().address());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    alive.put(new Address(row.getObject(1, UUID.class), row.getObject(2, UUID.class)), row.getLong(3));
                }
            }
        }
        return alive;
    }

    @Override
    public void destroy() {
        asked.close();
    }
}
