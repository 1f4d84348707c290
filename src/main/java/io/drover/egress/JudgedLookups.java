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
    private final RefusedLookups refused;

    JudgedLookups(Egress egress, HostList all, RefusedLookups refused) {
        this.egress = egress;
        this.all = all;
        this.refused = refused;
    }

    @Override
    public void asked(String name) throws UnknownHostException {
        String tool = egress.tool();
        Host host = Host.of(name);
        String why = isThisMachine(tool, host) ? null : Egress.problem(all, host, 0);
        if (why != null) {
            refuse(tool, host, why);
        }
    }

    @Override
    public void found(String name, List<InetAddress> addresses) throws UnknownHostException {
        String tool = egress.tool();
        Host host = Host.of(name);
        if (isThisMachine(tool, host) || Egress.problem(all, host, 0) != null) { // of the latter it is told already
            return;
        }
        String why = egress.special(all, host, 0, addresses);
        if (why == null) {
            egress.allow(tool);
        } else {
            refuse(tool, host, why);
        }
    }

    private void refuse(String tool, Host host, String why) throws UnknownHostException {
        if (egress.isEnforced()) {
            refused.add(host.name(), why);
        }
        egress.refuse(tool, who(tool), host, why);
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
