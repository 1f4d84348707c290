package io.drover.journal;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresApprovalNotices implements ApprovalNotices {

    // A request that is decided, or is itself that of a callback, is told of no more; its row goes all the same.
    private static final String SUBMIT =
            """
            with due as (
                delete from approval_notice
                 where (approval_id, occasion) in (select approval_id, occasion from approval_notice
                                                    where due_at <= now()
                                                    order by due_at limit :most
                                                      for update skip locked)
                returning approval_id, occasion, tool)
            insert into task (id, workflow, status, priority, submitted_by, input, input_bytes, address_key)
            select gen_random_uuid(), 'on-end', 'QUEUED', told.priority, told.submitter, told.input, octet_length(told.input::text), told.address_key
              from (select t.priority, t.address_key, coalesce(t.submitted_by, t.workflow) as submitter,
                           json_build_object('told', json_strip_nulls(json_build_object(
                               'tool', due.tool, 'occasion', due.occasion, 'approval', a.id, 'forTool', a.tool,
                               'task', t.id, 'workflow', t.workflow, 'key', t.key, 'status', 'WAITING', 'waitReason', 'APPROVAL',
                               'summary', a.summary, 'arguments', c.arguments, 'need', a.need,
                               'votes', (select count(*) from vote v where v.approval_id = a.id),
                               'askedAt', a.asked_at, 'decideBy', nullif(a.decide_by, 'infinity'))),
                               'output', null, 'error', null) as input
                      from due
                      join approval a on a.id = due.approval_id and a.state = 'OPEN' and a.decide_by > now()
                      join call c on c.task_id = a.task_id and c.address = a.address and c.state = 'PENDING'
                      join task t on t.id = a.task_id and t.status in ('QUEUED', 'RUNNING', 'WAITING')
                                 and t.workflow <> 'on-end') told
            returning input -> 'told' ->> 'occasion'
            """;

    private final JdbcClient jdbc;
    private final Wakeups wakeups;

    PostgresApprovalNotices(DataSource dataSource, Wakeups wakeups) {
        this.jdbc = JdbcClient.create(dataSource);
        this.wakeups = wakeups;
    }

    @Override
    public List<String> submitDue(int most) {
        List<String> occasions =
                jdbc.sql(SUBMIT).param("most", most).query(String.class).list();
        if (!occasions.isEmpty()) {
            wakeups.wake();
        }
        return occasions;
    }
}
