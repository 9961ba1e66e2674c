-- One row for each run of a flow: written when it starts, completed when it ends.
CREATE TABLE flow_execution_logs (
    id                            SERIAL PRIMARY KEY,
    flow_name                     VARCHAR(100) NOT NULL,
    flow_run_id                   VARCHAR(255) NOT NULL,
    database_name                 VARCHAR(100) NOT NULL,
    execution_start               TIMESTAMP    NOT NULL,
    execution_end                 TIMESTAMP,
    execution_duration_ms         INTEGER,
    status                        VARCHAR(50)  NOT NULL DEFAULT 'running',
    records_processed             INTEGER DEFAULT 0,
    records_successful            INTEGER DEFAULT 0,
    records_failed                INTEGER DEFAULT 0,
    database_operations           INTEGER DEFAULT 0,
    health_check_status           VARCHAR(50),
    health_check_response_time_ms NUMERIC(10, 2),
    error_message                 TEXT,
    metadata                      JSONB,
    created_at                    TIMESTAMP DEFAULT timezone('utc', now())
);
