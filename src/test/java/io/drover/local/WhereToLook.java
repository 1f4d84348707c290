package io.drover.local;

import java.io.PrintStream;

/** The addresses to look at next. */
record WhereToLook(String url, String password, String brokers, String jdbcUrl, String callInDoubt, String approval) {

    private static final String JSON = "-H 'Content-Type: application/json' ";

    void print(PrintStream out) {
        String curl = "curl -su drover:" + password + " ";
        out.printf("%nWhere to look next%n");
        line(out, "console", url + "/console      (drover, " + password + ")");
        line(out, "Hawtio", url + "/hawtio      (routes as diagrams, with counters)");
        line(out, "tasks that are dead", curl + "'" + url + "/api/tasks?status=DEAD&limit=5'");
        line(out, "tasks that wait", curl + "'" + url + "/api/tasks?status=WAITING'");
        line(out, "one task and its calls", curl + url + "/api/tasks/<id>");
        if (!callInDoubt.isEmpty()) {
            line(
                    out,
                    "settle a call in doubt",
                    curl + JSON
                            + "-d '{\"resolution\":\"happened\",\"result\":{\"message\":\"a voucher is on its"
                            + " way.\"},\"confirmed\":true}' "
                            + url + "/api/tasks/" + callInDoubt + "/resolve");
        }
        if (!approval.isEmpty()) {
            line(
                    out,
                    "approve a refund",
                    "curl -su approver:" + password + " " + JSON + "-d '{\"vote\":\"approve\"}' " + url
                            + "/api/approvals/" + approval + "/vote      (docs/approvals.md)");
        }
        line(out, "tools and workflows", curl + url + "/api/tools      (and /api/workflows)");
        line(
                out,
                "a ticket over HTTP",
                curl + JSON + "-H 'Idempotency-Key: T-5000' -d"
                        + " '{\"ticketId\":\"T-5000\",\"email\":\"ada@mail.example\",\"category\":\"question\",\"subject\":\"Where"
                        + " is my parcel?\"}' "
                        + url + "/hooks/tickets");
        line(
                out,
                "a ticket for the model",
                curl + JSON + "-H 'Prefer: wait=10' -d"
                        + " '{\"ticketId\":\"T-6000\",\"email\":\"ada@mail.example\",\"category\":\"other\",\"subject\":\"It"
                        + " came broken\",\"orderId\":\"O-1234\"}' "
                        + url + "/api/tasks/support-ticket");
        line(
                out,
                "a question to customers",
                curl + JSON
                        + "-d '[{\"ticketId\":\"T-7000\",\"email\":\"ada@mail.example\",\"question\":\"Did it"
                        + " arrive?\"},{\"ticketId\":\"T-7001\",\"email\":\"grace@mail.example\",\"question\":\"Did it"
                        + " arrive?\"}]' "
                        + url + "/api/tasks/survey      (a task for each, see docs/child-tasks.md)");
        line(
                out,
                "a customer's answer",
                curl + JSON + "-d '{\"text\":\"yes\"}' '" + url
                        + "/api/signals/customer-replied?key=T-7000'      (and T-7001; see docs/waits.md)");
        line(out, "MCP", url + "/mcp      (docs/mcp.md connects a client)");
        line(out, "metrics", curl + url + "/metrics");
        line(out, "health", "curl -s " + url + "/health/ready");
        line(out, "Kafka", brokers + "   topics support-tickets, support-tickets.dlq, support-results");
        line(out, "PostgreSQL", jdbcUrl.replace("jdbc:", "") + "   tables task, call; support.ticket");
        line(out, "log", "target/local/drover.log");
        out.printf(
                "%nChange a file in routes/ and it is in force within two seconds. Ctrl-C stops; the data are kept in"
                        + " target/local.%n");
    }

    private static void line(PrintStream out, String what, String where) {
        out.printf("  %-24s %s%n", what, where);
    }
}
