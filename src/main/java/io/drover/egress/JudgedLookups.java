package io.drover.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Judges the names that anything in this JVM looks up: code that steps call, and clients that do not ask an {@link EgressGate}.
 * Java keeps what was found, and that nothing was found, for all callers alike, so there is one list for all.
 */
final class JudgedLookups implements NetResolver.Judge {

    private final Egress egress;
    private final HostList all;

    JudgedLookups(Egress egress, HostList all) {
        this.egress = egress;
        this.all = all;
    }

    @Override
    public void asked(String name) throws UnknownHostException {
        String tool = egress.tool();
        Host host = Host.of(name);
        String why = isThisMachine(tool, host) ? null : Egress.problem(all, host, 0);
        if (why != null) {
            egress.refuse(tool, who(tool), host, why);
        }
    }

    @Override
    public void found(String name, List<InetAddress> addresses) throws UnknownHostException {
        String tool = egress.tool();
        Host host = Host.of(name);
        if (isThisMachine(tool, host) || Egress.problem(all, host, 0) != null) { // of the latter it is told already
            return;
        }
        egress.judge(tool, who(tool), host, egress.special(all, host, 0, addresses));
    }

    private static String who(String tool) {
        return tool.isEmpty() ? "this process" : Egress.who(tool);
    }

    /** The process itself asks for its own name, and libraries for this machine, for their logs and beans. */
    private static boolean isThisMachine(String tool, Host host) {
        return tool.isEmpty()
                && (host.name().equals("localhost") || host.name().equalsIgnoreCase(NetResolver.localHostName()));
    }
}
