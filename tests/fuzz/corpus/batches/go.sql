SELECT 1
GO
CREATE PROCEDURE p AS BEGIN SELECT 'GO
GO', [a]]
GO] /* /* GO */ */ END
GO 5 -- five times
	go
PRINT N'x'
GO 2
