package io.drover.journal;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The id under which each topic of Kafka was first read.
 * A topic that was deleted and created again has another id.
 */
@Repository
public class KnownTopics {

    private final JdbcClient jdbc;

    KnownTopics(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The id under which the topic was first read.
     *
     * @param owner of the keys of its records
     * @param id    its id now, which is the first one where none is known
     */
    public String firstId(String owner, String topic, String id) {
        jdbc.sql("insert into kafka_topic (owner, name, first_id) values (:owner, :name, :id) on conflict do nothing")
                .param("owner", owner)
                .param("name", topic)
                .param("id", id)
                .update();
        return jdbc.sql("select first_id from kafka_topic where owner = :owner and name = :name")
                .param("owner", owner)
                .param("name", topic)
                .query(String.class)
                .single();
    }
}
