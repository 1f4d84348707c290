package io.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Ends attempts. Those of tasks that stand alone take one statement.
 * The end of a child, and that of a parent whose child ended meanwhile, take a transaction under the locks of both.
 * What an attempt read last is written before its end.
 */
final class Ends {

    private static final Comparator<EndStatement.End> IN_ORDER =
            Comparator.comparing(end -> end.lease().task().toString());

    private final ChildResults results;

    /** Ends of children come in runs: after one, the next ends are not tried first as those of tasks that stand alone. */
    private boolean ofChildren;

    Ends(Wakeups wakeups) {
        this.results = new ChildResults(wakeups);
    }

    /** @return for each end whether it was written; one whose lease is lost is not */
    List<Boolean> write(Connection connection, List<EndStatement.End> ends) throws SQLException {
        List<EndStatement.End> inOrder = ends.stream().sorted(IN_ORDER).toList();
        List<CallStatement.Write> reads = ends.stream()
                .flatMap(end -> end.reads().stream())
                .map(read -> new CallStatement.Write(read, null))
                .toList();
        Set<UUID> written = reads.isEmpty()
                ? alone(connection, inOrder)
                : InTransaction.run(connection, transaction -> {
                    CallStatement.write(transaction, reads);
                    return alone(transaction, inOrder);
                });
        List<EndStatement.End> others = inOrder.stream()
                .filter(end -> !written.contains(end.lease().task()))
                .toList();
        if (!others.isEmpty()) {
            written.addAll(InTransaction.run(connection, transaction -> inFamily(transaction, others)));
        }
        return ends.stream().map(end -> written.contains(end.lease().task())).toList();
    }

    private Set<UUID> alone(Connection connection, List<EndStatement.End> ends) throws SQLException {
        return ofChildren ? new HashSet<>() : new HashSet<>(EndStatement.writeAlone(connection, ends));
    }

    private static List<UUID> tasks(List<EndStatement.End> ends) {
        return ends.stream().map(end -> end.lease().task()).toList();
    }

    private Set<UUID> inFamily(Connection connection, List<EndStatement.End> ends) throws SQLException {
        ChildResults.lockForEnd(
                connection,
                tasks(ends),
                Set.copyOf(
                        tasks(ends.stream().filter(end -> end.row().isFinal()).toList())));
        Set<UUID> written = EndStatement.writeInFamily(connection, ends);
        ofChildren = 2 * results.settle(connection, written) > ends.size();
        return written;
    }
}
