"""Name the blocks of files from before there were several: each file had one, number 1."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE sdd_debit debit
           SET payment_information_id = batch.name || '-1'
          FROM sdd_batch batch
         WHERE debit.batch_id = batch.id
           AND batch.state != 'draft'
           AND debit.payment_information_id IS NULL
        """
    )
