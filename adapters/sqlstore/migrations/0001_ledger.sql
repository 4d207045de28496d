-- One row a key of autoreply.Ledger. The key columns are bytes, so that they
-- compare as Go strings do in every database and under every collation.
-- Times are nanoseconds since 1970 UTC; a due that is NULL is never. The entry is
-- in the code of autoreply.Entry.AppendBinary, which carries its version.
CREATE TABLE {ledger} (
    tenant   {bytes} NOT NULL,
    line     {bytes} NOT NULL,
    contact  {bytes} NOT NULL,
    revision BIGINT NOT NULL,
    due      BIGINT,
    expires  BIGINT NOT NULL,
    entry    {bytes} NOT NULL,
    PRIMARY KEY (tenant, line, contact)
);

CREATE INDEX {prefix}ledger_due ON {ledger} (due, tenant, line, contact) WHERE due IS NOT NULL;

CREATE INDEX {prefix}ledger_expires ON {ledger} (expires);
