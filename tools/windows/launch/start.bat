@echo off
rem This file stays ASCII with CRLF line ends: cmd reads it in the code page of the computer. Chinese words are in start.py and missing.txt.
setlocal
chcp 65001 >nul
title tracker
set "PYTHONUTF8=1"
if not exist "%~dp0python\python.exe" goto missing
"%~dp0python\python.exe" -X utf8 "%~dp0python\start.py" %*
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="0" if "%~1"=="" pause
exit /b %CODE%

:missing
if exist "%~dp0python\missing.txt" type "%~dp0python\missing.txt"
if not exist "%~dp0python\missing.txt" echo Please extract the whole zip into a folder first, then start again from there.
if "%~1"=="" pause
exit /b 2
